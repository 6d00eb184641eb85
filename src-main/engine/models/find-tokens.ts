import { PerchError } from '../../common/api/errors.ts';
import type { Size } from '../../common/geometry.ts';
import { inputTensor, DEFAULT_INPUT } from '../../methods/extractors/model-input.ts';
import type { ModelRunner } from '../../methods/extractors/extractor.ts';
import type { EngineRequests } from '../protocol/messages.ts';
import { probeImage } from './probe-image.ts';

type Request = EngineRequests['findTokens']['request'];
type Response = EngineRequests['findTokens']['response'];

/** Side of probe images, a multiple of 4, 7, 8, 14, 16, 28, 32 and 56, which covers the patch sizes of published networks. */
const SIDE = 224;
/** Largest number of leading tokens that is tried. */
const MAX_LEADING = 16;

/**
 * Finds out which tokens of a transformer's output are patches: by two images of different sizes if the graph takes any size, else by
 * the size that it takes.
 *
 * @throws PerchError `MODEL_UNUSABLE` if the graph fails, or the tokens form no grid
 */
export async function findTokens(request: Request, runner: ModelRunner): Promise<Response> {
  const { file, size, leading, grid } = request;
  if (size) {
    const count = await tokensOf(request, size, runner);
    if (!grid) return { tokens: gridOf(file, count, size, leading) };
    const rest = count - grid.height * grid.width;
    if (rest < 0 || (leading !== undefined && leading !== rest)) {
      throw unusable(
        file,
        `returns ${count} tokens, which are not ${grid.height} x ${grid.width} and ${leading ?? 'some'} others`,
      );
    }
    return { tokens: { leading: rest, grid } };
  }
  const one = await tokensOf(request, { height: SIDE, width: SIDE }, runner);
  const two = await tokensOf(request, { height: SIDE, width: 2 * SIDE }, runner);
  const patches = two - one;
  const patch = SIDE / Math.sqrt(patches);
  const found = one - patches;
  if (patches < 1 || !Number.isInteger(patch) || found < 0) {
    throw unusable(
      file,
      `returns ${one} and ${two} tokens for images of ${SIDE} x ${SIDE} and ${2 * SIDE} x ${SIDE} pixels, which are not one per patch`,
    );
  }
  if (leading !== undefined && leading !== found) {
    throw unusable(file, `has ${found} leading tokens, not ${leading}`);
  }
  return { tokens: { leading: found }, multiple: patch };
}

async function tokensOf(
  { file, input, normalization }: Request,
  size: Size,
  runner: ModelRunner,
): Promise<number> {
  const image = probeImage(size.height, size.width);
  const { dimensions } = await runner.run(file, inputTensor(image, input ?? DEFAULT_INPUT, normalization));
  if (dimensions.length === 3 && dimensions[0] === 1) return dimensions[1];
  throw unusable(
    file,
    `returns an array of shape [${dimensions.join(', ')}]; tokens have the shape [1, tokens, channels]`,
  );
}

/** The finest grid whose patches are squares of whole pixels, which leaves the fewest other tokens. */
function gridOf(file: string, count: number, size: Size, given: number | undefined): Response['tokens'] {
  const candidates = given === undefined ? Array.from({ length: MAX_LEADING + 1 }, (_, i) => i) : [given];
  for (const leading of candidates) {
    const patch = Math.sqrt((size.height * size.width) / (count - leading));
    const [height, width] = [size.height / patch, size.width / patch];
    if ([patch, height, width].every(Number.isInteger)) return { leading, grid: { height, width } };
  }
  throw unusable(
    file,
    `returns ${count} tokens for images of ${size.width} x ${size.height} pixels, which form no grid of square patches`,
    { kind: 'give-tokens' },
  );
}

function unusable(file: string, what: string, hint?: { kind: 'give-tokens' }): PerchError {
  return new PerchError('MODEL_UNUSABLE', `The model ${file} ${what}.`, undefined, hint);
}
