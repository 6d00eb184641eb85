import type { Stores } from '../app/stores.ts';

/** A command with a shortcut. The palette and the list of keyboard shortcuts show all of them. */
export interface Action {
  group: string;
  title: string;
  /** Keystrokes that run it (keystrokes.ts). The first one is displayed unless `displayKeys` is given. */
  keys: string[];
  /** Keystrokes to display. An empty list hides the action. */
  displayKeys?: string[];
  /** Paths of the screens on which it is available; all screens if absent. */
  screens?: readonly string[];
  run(stores: Stores): void;
}

/** Defines actions that share a group and the screens on which they are available. */
export function defineGroup(
  group: string,
  members: Omit<Action, 'group' | 'screens'>[],
  screens?: readonly string[],
): Action[] {
  return members.map((member) => (screens ? { group, screens, ...member } : { group, ...member }));
}

/** Screens that show the active image. */
export const imageScreens = ['inspect', 'annotate', 'compare'] as const;

/** Screens with the viewer. On the Roll screen, keys that choose images choose defects. */
export const viewerScreens = [...imageScreens, 'roll'] as const;

/** Screens with the viewer, and the Station screen, which shows one pane of its own piece. */
export const paneScreens = [...viewerScreens, 'station'] as const;
