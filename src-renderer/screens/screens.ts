import ScanSearch from '@lucide/svelte/icons/scan-search';
import type { Component } from 'svelte';
import Inspect from './inspect/Inspect.svelte';

/** A screen of the left rail. */
export interface Screen {
  path: string;
  title: string;
  /** The key that shows it. */
  key: string;
  icon: typeof ScanSearch;
  content: Component;
}

/** All screens, in the order of the rail. */
export const screens: readonly Screen[] = [
  { path: 'inspect', title: 'Inspect', key: '2', icon: ScanSearch, content: Inspect },
];
