import type { Stores } from '../app/stores.ts';

/** Something that can be done by key or from the palette. The shortcut sheet lists them all. */
export interface Action {
  group: string;
  title: string;
  /** Keystrokes that do it (keystrokes.ts); the first is the one on display unless `displayKeys` is given. */
  keys: string[];
  /** Keystrokes as the sheet shows them; none where another action stands for this one. */
  displayKeys?: string[];
  /** Screens on which it can be done, by their paths; absent for all. */
  screens?: readonly string[];
  run(stores: Stores): void;
}

export function defineGroup(
  group: string,
  members: Omit<Action, 'group' | 'screens'>[],
  screens?: readonly string[],
): Action[] {
  return members.map((member) => (screens ? { group, screens, ...member } : { group, ...member }));
}

/** Screens on which one image is looked at. */
export const imageScreens = ['inspect', 'annotate', 'compare'] as const;
