import type { Settings } from './settings.svelte.ts';

const LIGHT = '(prefers-color-scheme: light)';

/** Keeps the page in the theme that was set. To be called in a component. */
export function keepTheme(settings: Settings): void {
  const system = matchMedia(LIGHT);
  const show = () => {
    const { theme } = settings.values;
    document.documentElement.dataset.theme =
      theme === 'light' || (theme === 'system' && system.matches) ? 'light' : 'dark';
  };
  $effect(show);
  $effect(() => {
    system.addEventListener('change', show);
    return () => system.removeEventListener('change', show);
  });
}
