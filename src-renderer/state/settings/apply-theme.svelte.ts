import { onMount } from 'svelte';
import type { Settings as Values } from '../../../src-main/common/api/settings.ts';
import type { SettingsStore } from './settings-store.svelte.ts';
import type { ViewerState } from '../../viewer/viewer-state.svelte.ts';
import { watch } from '../../reactivity/watch.svelte.ts';

const LIGHT = '(prefers-color-scheme: light)';

/** Applies the selected theme to the page. Call it in a component. */
export function applyTheme(settings: SettingsStore, viewer: ViewerState): void {
  const system = matchMedia(LIGHT);
  const show = (theme: Values['theme']) => {
    viewer.light = theme === 'light' || (theme === 'system' && system.matches);
    document.documentElement.dataset.theme = viewer.light ? 'light' : 'dark';
  };
  watch(() => settings.values.theme, show);
  onMount(() => {
    const change = () => show(settings.values.theme);
    system.addEventListener('change', change);
    return () => system.removeEventListener('change', change);
  });
}
