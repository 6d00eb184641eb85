import type { Color } from './surface.ts';

export interface Indexed {
  /** From dark to light. */
  palette: Color[];
  /** One palette entry per pixel. */
  indices: Uint8Array;
}

/** Weights of red, green and blue in perceived brightness. */
const WEIGHTS = [0.3, 0.59, 0.11];

interface Box {
  /** Pixels by their position in the picture. */
  members: Int32Array;
  mean: Color;
  /** Channel with the largest weighted spread, and that spread summed over the members. */
  channel: number;
  spread: number;
}

function boxOf(pixels: Uint8Array, members: Int32Array): Box {
  const sums = [0, 0, 0];
  const squares = [0, 0, 0];
  for (const member of members) {
    for (let channel = 0; channel < 3; channel++) {
      const level = pixels[3 * member + channel];
      sums[channel] += level;
      squares[channel] += level * level;
    }
  }
  const spreads = sums.map((sum, c) => WEIGHTS[c] * (squares[c] - (sum * sum) / members.length));
  const spread = Math.max(...spreads);
  const [red, green, blue] = sums.map((sum) => sum / members.length);
  return { members, mean: [red, green, blue], channel: spreads.indexOf(spread), spread };
}

/**
 * Reduces a picture (n x 3 bytes) to at most `colors` colors by repeatedly splitting the box of pixels with
 * the largest spread at its mean. The palette is ordered by brightness, so that neighboring indices are
 * similar colors and PNG's filters predict them well.
 */
export function quantize(pixels: Uint8Array, colors: number): Indexed {
  const boxes = [
    boxOf(
      pixels,
      Int32Array.from({ length: pixels.length / 3 }, (_, at) => at),
    ),
  ];
  while (boxes.length < colors) {
    const widest = boxes.reduce((best, box, at) => (box.spread > boxes[best].spread ? at : best), 0);
    const { members, mean, channel, spread } = boxes[widest];
    if (spread <= 0) break;
    const below = (member: number): boolean => pixels[3 * member + channel] <= mean[channel];
    boxes[widest] = boxOf(pixels, members.filter(below));
    boxes.push(
      boxOf(
        pixels,
        members.filter((member) => !below(member)),
      ),
    );
  }
  const brightness = ({ mean }: Box): number => mean.reduce((sum, level, c) => sum + WEIGHTS[c] * level, 0);
  boxes.sort((a, b) => brightness(a) - brightness(b));
  const indices = new Uint8Array(pixels.length / 3);
  boxes.forEach(({ members }, entry) => {
    for (const member of members) indices[member] = entry;
  });
  return {
    palette: boxes.map(({ mean }) => [Math.round(mean[0]), Math.round(mean[1]), Math.round(mean[2])]),
    indices,
  };
}
