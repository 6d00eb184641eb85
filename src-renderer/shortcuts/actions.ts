import type { Action } from './action.ts';
import { drawing } from './drawing.ts';
import { images } from './images.ts';
import { isKeystroke, type Keystroke } from './keystrokes.ts';
import { layers } from './layers.ts';
import { library } from './library.ts';
import { recipe } from './recipe.ts';
import { region } from './region.ts';
import { review } from './review.ts';
import { roll } from './roll.ts';
import { station } from './station.ts';
import { ruler } from './ruler.ts';
import { threshold } from './threshold.ts';
import { view } from './view.ts';
import { globalActions } from './global.ts';

/** All actions in display order. If two have the same key on a screen, the first one wins. */
export const actions: readonly Action[] = [
  ...globalActions,
  ...library,
  ...images,
  ...roll,
  ...station,
  ...drawing,
  ...view,
  ...layers,
  ...threshold,
  ...recipe,
  ...review,
  ...region,
  ...ruler,
];

/** @param screen undefined for a screen that is hidden, where only the actions of all screens are available */
export function isAvailableOn({ screens }: Action, screen: string | undefined): boolean {
  return screens === undefined || (screen !== undefined && screens.includes(screen));
}

/** The action that a key press runs on a screen. */
export function actionOf(event: Keystroke, screen: string | undefined): Action | undefined {
  return actions.find(
    (action) => isAvailableOn(action, screen) && action.keys.some((key) => isKeystroke(event, key)),
  );
}
