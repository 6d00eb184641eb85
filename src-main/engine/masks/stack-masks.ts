import type { Problem } from '../../common/api/datasets.ts';
import type { RollDirection } from '../../common/api/rolls.ts';
import { placeRuns, type Runs, unionOf } from '../../common/maps/mask-runs.ts';
import type { FrameMask } from '../protocol/data-types.ts';
import { readLargeMask } from './large-mask.ts';
import type { MaskedImage } from './merge-masks.ts';

/**
 * Reads masks of frames as one mask of their roll. Frames without a mask are not marked.
 *
 * @throws PerchError `INVALID_MASK` if a mask does not have the size of its frame; as `openPixelFile`
 */
export async function stackMasks(
  frames: readonly FrameMask[],
  roll: MaskedImage & { direction: RollDirection },
): Promise<{ runs: Runs; problems: Problem[] }> {
  let runs: Runs = new Float64Array();
  const problems: Problem[] = [];
  const isDown = roll.direction === 'down';
  for (const { path, offset, length } of frames) {
    const size = isDown ? { width: roll.width, height: length } : { width: length, height: roll.height };
    // That a frame has no defect is no reason to report its mask.
    const mask = await readLargeMask(path, { ...roll, ...size, orientation: 1, isNormal: true });
    const place = { x: isDown ? 0 : offset, y: isDown ? offset : 0, width: size.width };
    runs = unionOf(runs, placeRuns(mask.runs, place, roll.width), roll.width);
    problems.push(...mask.problems);
  }
  return { runs, problems };
}
