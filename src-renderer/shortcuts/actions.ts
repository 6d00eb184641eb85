import type { Action } from './action.ts';
import { drawing } from './drawing.ts';
import { images } from './images.ts';
import { isKeystroke, type Keystroke } from './keystrokes.ts';
import { layers } from './layers.ts';
import { library } from './library.ts';
import { review } from './review.ts';
import { threshold } from './threshold.ts';
import { view } from './view.ts';
import { globalActions } from './global.ts';

/** Everything, in the order of the shortcut sheet. Of two for the same key, the first that is for the screen holds. */
export const actions: readonly Action[] = [
  ...globalActions,
  ...library,
  ...images,
  ...drawing,
  ...view,
  ...layers,
  ...threshold,
  ...review,
];

/** Whether an action can be done on a screen. */
export function isAvailableOn(action: Action, screen: string): boolean {
  return action.screens === undefined || action.screens.includes(screen);
}

/** What a key press does on a screen. */
export function actionOf(event: Keystroke, screen: string): Action | undefined {
  return actions.find(
    (action) => isAvailableOn(action, screen) && action.keys.some((key) => isKeystroke(event, key)),
  );
}
