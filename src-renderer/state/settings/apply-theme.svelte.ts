import { onMount } from 'svelte';
import type { Settings as Values } from '../../../src-main/common/api/settings.ts';
import type { Settings } from './settings-store.svelte.ts';
import type { Viewing } from '../../viewer/viewer-state.svelte.ts';
import { watch } from '../../reactivity/watch.svelte.ts';

const LIGHT = '(prefers-color-scheme: light)';

/** Keeps the page in the theme that was set. To be called in a component. */
export function keepTheme(settings: Settings, viewing: Viewing): void {
  const system = matchMedia(LIGHT);
  const show = (theme: Values['theme']) => {
    viewing.light = theme === 'light' || (theme === 'system' && system.matches);
    document.documentElement.dataset.theme = viewing.light ? 'light' : 'dark';
  };
  watch(() => settings.values.theme, show);
  onMount(() => {
    const change = () => show(settings.values.theme);
    system.addEventListener('change', change);
    return () => system.removeEventListener('change', change);
  });
}
