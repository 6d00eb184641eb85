import ChartSpline from '@lucide/svelte/icons/chart-spline';
import Images from '@lucide/svelte/icons/images';
import ListChecks from '@lucide/svelte/icons/list-checks';
import PenLine from '@lucide/svelte/icons/pen-line';
import ScanSearch from '@lucide/svelte/icons/scan-search';
import SettingsIcon from '@lucide/svelte/icons/settings';
import type { Component } from 'svelte';
import Annotate from './annotate/Annotate.svelte';
import Compare from './compare/Compare.svelte';
import Inspect from './inspect/Inspect.svelte';
import Library from './library/Library.svelte';
import Runs from './runs/Runs.svelte';
import Settings from './settings/Settings.svelte';

/** A screen of the left rail. */
export interface Screen {
  path: string;
  title: string;
  /** The key that shows it. */
  key: string;
  icon: typeof ScanSearch;
  content: Component;
  /** Whether it is about the image that is looked at. */
  ofImage: boolean;
}

/** All screens, in the order of the rail; the last one stands at its end. */
export const screens: readonly Screen[] = [
  { path: 'library', title: 'Library', key: '1', icon: Images, content: Library, ofImage: false },
  { path: 'inspect', title: 'Inspect', key: '2', icon: ScanSearch, content: Inspect, ofImage: true },
  { path: 'annotate', title: 'Annotate', key: '3', icon: PenLine, content: Annotate, ofImage: true },
  { path: 'runs', title: 'Runs', key: '4', icon: ListChecks, content: Runs, ofImage: false },
  { path: 'compare', title: 'Compare', key: '5', icon: ChartSpline, content: Compare, ofImage: true },
  { path: 'settings', title: 'Settings', key: '6', icon: SettingsIcon, content: Settings, ofImage: false },
];
