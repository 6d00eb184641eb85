import { onMount } from 'svelte';
import type { Settings as Values } from '../../src-main/api/settings.ts';
import type { Settings } from './settings.svelte.ts';
import { watch } from './watch.svelte.ts';

const LIGHT = '(prefers-color-scheme: light)';

/** Keeps the page in the theme that was set. To be called in a component. */
export function keepTheme(settings: Settings): void {
  const system = matchMedia(LIGHT);
  const show = (theme: Values['theme']) => {
    document.documentElement.dataset.theme =
      theme === 'light' || (theme === 'system' && system.matches) ? 'light' : 'dark';
  };
  watch(() => settings.values.theme, show);
  onMount(() => {
    const change = () => show(settings.values.theme);
    system.addEventListener('change', change);
    return () => system.removeEventListener('change', change);
  });
}
