import { cellularNoise, fractalNoise, smoothstep, valueNoise } from './noise.ts';
import { blankSurface, colorOf, eachSample, mixColor, setColor, WHOLE } from './surface.ts';
import type { Color, Texture } from './surface.ts';

const FELDSPAR = colorOf(0xc4aa9a);
const QUARTZ = colorOf(0x8f8c89);
const PLAGIOCLASE = colorOf(0xd8d3ca);
const MICA = colorOf(0x2e2d2c);

interface Grain {
  color: Color;
  height: number;
}

/**
 * The mineral of a grain, selected by the grain's number (0..1); undefined where the ground mass shows
 * between grains.
 */
function mineral(name: number, shares: readonly [Color, number][]): Color | undefined {
  let below = 0;
  for (const [color, share] of shares) {
    below += share;
    if (name < below) return color;
  }
  return undefined;
}

/** Crystal sizes, largest first, with their minerals. Smaller crystals fill what the given shares leave. */
const SIZES: readonly [size: number, shares: readonly [Color, number][]][] = [
  [
    23,
    [
      [FELDSPAR, 0.17],
      [PLAGIOCLASE, 0.07],
    ],
  ],
  [
    12,
    [
      [QUARTZ, 0.24],
      [PLAGIOCLASE, 0.16],
      [FELDSPAR, 0.12],
      [MICA, 0.07],
    ],
  ],
  [
    5.6,
    [
      [FELDSPAR, 0.2],
      [QUARTZ, 0.3],
      [MICA, 0.2],
      [PLAGIOCLASE, 0.3],
    ],
  ],
];

/** The crystal at a position: its mineral, tone, cleavage streaks along its axis, and seam. */
function grainAt(x: number, y: number, seed: number): Grain {
  for (const [size, shares] of SIZES) {
    const cell = cellularNoise(x / size, y / size, seed + Math.round(size * 10), 1);
    const color = mineral(cell.name, shares);
    if (!color) continue;
    const angle = 40 * cell.name;
    const along = x * Math.cos(angle) + y * Math.sin(angle);
    const across = y * Math.cos(angle) - x * Math.sin(angle);
    const cleavage = valueNoise(along / 9, across / 1.8, seed + 5);
    const tone = (0.8 + 0.4 * ((cell.name * 97) % 1)) * (1 + (color === QUARTZ ? 0.04 : 0.11) * cleavage);
    const seam = smoothstep(1.5, 0, (cell.second - cell.nearest) * size);
    return {
      color: mixColor([color[0] * tone, color[1] * tone, color[2] * tone], MICA, 0.16 * seam),
      height: -0.1 * seam + (color === MICA ? 0.12 * cleavage : 0),
    };
  }
  return { color: QUARTZ, height: 0 };
}

/** Polished granite: interlocked crystals of several minerals and sizes. */
export const drawStone: Texture = (side, seed, defect) => {
  const surface = blankSurface(side);
  eachSample(surface, WHOLE, (at, px, py) => {
    const [qx, qy] = defect?.displace?.(px, py) ?? [px, py];
    const x = qx + 4 * fractalNoise(qx / 14, qy / 14, seed + 1, 4);
    const y = qy + 4 * fractalNoise(qx / 14, qy / 14, seed + 2, 4);
    const { color, height } = grainAt(x, y, seed);
    const mottle = 1 + 0.13 * fractalNoise(qx / 11, qy / 11, seed + 3, 3);
    setColor(surface, at, color, mottle);
    surface.height[at] = height + 0.05 * mottle;
    surface.gloss[at] = 0.02;
  });
  return surface;
};
