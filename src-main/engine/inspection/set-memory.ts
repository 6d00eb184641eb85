import { PerchError } from '../../common/api/errors.ts';
import { memoryBudget, memoryLimit } from '../../platform/memory.ts';

/** More images in a block read features less often, fewer send maps earlier. */
const MAX_BLOCK = 8;
/** The native module holds rows and block products besides the features. */
const COPIES = 3;

interface SetSize {
  /** Features of one image. */
  featureBytes: number;
  /** Kept distances of one image. */
  scoreBytes: number;
  scored: number;
  images: number;
}

/**
 * How a set is compared within the memory: `block` images' features and `group` images' scores at a time. `bytes` is the peak.
 *
 * @throws PerchError `OUT_OF_MEMORY` if not even two images fit
 */
export function planSetMemory(
  { featureBytes, scoreBytes, scored, images }: SetSize,
  budget = memoryBudget() / 2,
): { block: number; group: number; cachedBytes: number; bytes: number } {
  const working = (block: number) => COPIES * featureBytes * (block + 1);
  const fitting = Math.floor(budget / 2 / (COPIES * featureBytes)) - 1;
  const block = Math.max(1, Math.min(MAX_BLOCK, scored, fitting));
  const group = Math.min(scored, Math.floor((budget - working(block)) / scoreBytes));
  if (group < 1) {
    const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
    throw new PerchError(
      'OUT_OF_MEMORY',
      `Comparing ${images} images with each other needs about ${gib(2 * (working(1) + scoreBytes))} of memory, and Perch may use ` +
        `${gib(memoryLimit())} on this machine. Resize the images, or choose another method.`,
      undefined,
      { kind: 'resize-images' },
    );
  }
  const used = working(block) + group * scoreBytes;
  const cachedBytes = Math.min(images * featureBytes, budget - used);
  return { block: Math.min(block, group), group, cachedBytes, bytes: used + cachedBytes };
}
