import Cctv from '@lucide/svelte/icons/cctv';
import ChartSpline from '@lucide/svelte/icons/chart-spline';
import Images from '@lucide/svelte/icons/images';
import ListChecks from '@lucide/svelte/icons/list-checks';
import Scroll from '@lucide/svelte/icons/scroll';
import PenLine from '@lucide/svelte/icons/pen-line';
import ScanSearch from '@lucide/svelte/icons/scan-search';
import Scale from '@lucide/svelte/icons/scale';
import SettingsIcon from '@lucide/svelte/icons/settings';
import type { Component } from 'svelte';
import { screenList, type ScreenInfo } from '../state/navigation/screens.ts';
import Annotate from './annotate/Annotate.svelte';
import Compare from './compare/Compare.svelte';
import Inspect from './inspect/Inspect.svelte';
import Library from './library/Library.svelte';
import Recipe from './recipe/Recipe.svelte';
import Roll from './roll/Roll.svelte';
import Runs from './runs/Runs.svelte';
import Settings from './settings/Settings.svelte';
import Station from './station/Station.svelte';

/** A screen with its icon and component. */
export interface Screen extends ScreenInfo {
  icon: typeof ScanSearch;
  content: Component;
}

type Path = (typeof screenList)[number]['path'];

const parts: Record<Path, Pick<Screen, 'icon' | 'content'>> = {
  library: { icon: Images, content: Library },
  inspect: { icon: ScanSearch, content: Inspect },
  annotate: { icon: PenLine, content: Annotate },
  runs: { icon: ListChecks, content: Runs },
  compare: { icon: ChartSpline, content: Compare },
  recipe: { icon: Scale, content: Recipe },
  roll: { icon: Scroll, content: Roll },
  station: { icon: Cctv, content: Station },
  settings: { icon: SettingsIcon, content: Settings },
};

export const screens: readonly Screen[] = screenList.map((screen) => ({ ...screen, ...parts[screen.path] }));
