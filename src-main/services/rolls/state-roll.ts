import type { RollFrame } from '../../common/api/rolls.ts';
import { PerchError } from '../../common/api/errors.ts';
import type { RollDetails } from '../../store/rolls.ts';
import type { Store } from '../../store/store.ts';

/** What is known about a roll. What is left out keeps its value, or gets its default. */
export type StatedRoll = { [Detail in keyof RollDetails]?: RollDetails[Detail] | undefined };

/**
 * Makes an image a roll, or changes what is stated about it. A new roll runs along its longer side by default.
 *
 * @throws PerchError `INVALID_ARGUMENT` for a new direction of frames, which are stacked in their direction
 */
export function stateRoll(
  store: Store,
  image: number,
  stated: StatedRoll,
  frames?: readonly RollFrame[],
): void {
  store.transaction(() => {
    const before = store.rolls.find(image);
    const { width, height } = store.images.get(image);
    const { direction = before?.direction ?? (width > height ? 'right' : 'down') } = stated;
    if (!frames && before && before.direction !== direction && store.rolls.frames(image).length > 0)
      throw new PerchError(
        'INVALID_ARGUMENT',
        `The frames of ${before.name} are stacked in its direction. Import its folder again with another direction.`,
      );
    store.rolls.put(image, {
      article: stated.article ?? before?.article ?? '',
      lot: stated.lot ?? before?.lot ?? '',
      direction,
      scale: stated.scale === undefined ? (before?.scale ?? null) : stated.scale,
    });
    if (frames) store.rolls.setFrames(image, frames);
  });
}
