import { between, fractalNoise, hash, random } from './noise.ts';
import { blankSurface, colorOf, FIELD, mixColor, rampColor, setColor } from './surface.ts';
import type { Color, Surface, Texture } from './surface.ts';
import { layStrand } from './strokes.ts';

const RAMP = [0x4a5560, 0x69757f, 0x8b949a, 0xa9aca9].map(colorOf);
const BACKING = colorOf(0x3b3128);
const SHADE = colorOf(0x2f363d);
const ROW = 8.6;

/** The layer between tufts: the shaded foot of the pile and, where tufts are missing, the jute backing. */
function layGround(surface: Surface, missing: (x: number, y: number) => boolean): void {
  const { side, pitch } = surface;
  for (let at = 0; at < side * side; at++) {
    const x = (at % side) * pitch;
    const y = Math.floor(at / side) * pitch;
    if (!missing(x, y)) {
      surface.height[at] = -4;
      setColor(surface, at, SHADE);
      continue;
    }
    const rib = Math.sin(x * 0.9) * Math.sin(y * 0.75);
    surface.height[at] = -7 + 0.6 * rib;
    setColor(surface, at, BACKING, 1 + 0.3 * rib);
  }
}

/** One cut tuft, whose filaments lean out from its root. */
function layTuft(surface: Surface, x: number, y: number, color: Color, seed: number): void {
  const next = random(seed);
  const lean = [between(next, -1.2, 1.2), between(next, -0.6, 2)];
  for (let k = 0; k < 34; k++) {
    const heading = between(next, 0, 2 * Math.PI);
    const spread = 5.7 * Math.sqrt(next());
    const bend = between(next, -0.8, 0.8);
    const tip = [x + lean[0] + spread * Math.cos(heading), y + lean[1] + spread * Math.sin(heading)];
    const root = [x + 0.3 * (tip[0] - x), y + 0.3 * (tip[1] - y)];
    const top = between(next, 0.6, 2.2) - 0.12 * spread * spread;
    const shade = between(next, 0.84, 1.2) * (1 - 0.014 * spread * spread);
    layStrand(surface, {
      path: [
        [root[0], root[1]],
        [(root[0] + tip[0]) / 2 + bend, (root[1] + tip[1]) / 2 - bend],
        [tip[0], tip[1]],
      ],
      radius: (t) => 0.9 - 0.3 * t,
      lift: (t) => -3 + (top + 3) * Math.sin((0.35 + 0.65 * t) * (Math.PI / 2)),
      color: [color[0] * shade, color[1] * shade, color[2] * shade],
      opacity: 1,
      twist: 0,
      gloss: 0.01,
      alpha: 0,
      seed,
    });
  }
}

/** Cut-pile carpet of heather-gray wool: tufts in staggered rows that lean slightly with the pile. */
export const drawCarpet: Texture = (side, seed, defect) => {
  const surface = blankSurface(side);
  const missing = (x: number, y: number): boolean => (defect?.absence?.(x, y) ?? 1) < 0;
  layGround(surface, missing);
  for (let row = -1; row * ROW < FIELD + ROW; row++) {
    for (let column = -1; column * ROW < FIELD + ROW; column++) {
      const x = (column + (row % 2 ? 0.5 : 0) + 0.45 * (hash(column, row, seed) - 0.5)) * ROW;
      const y = (row + 0.45 * (hash(column, row, seed + 1) - 0.5)) * ROW;
      if (missing(x, y)) continue;
      const blend = hash(column, row, seed + 2);
      const tone = 0.5 + 0.34 * (blend - 0.5) + 0.1 * fractalNoise(x / 60, y / 60, seed + 3, 2);
      const color = mixColor(rampColor(RAMP, tone), BACKING, blend > 0.94 ? 0.35 : 0);
      const [dx, dy] = defect?.displace?.(x, y) ?? [x, y];
      layTuft(surface, 2 * x - dx, 2 * y - dy, color, Math.floor(hash(column, row, seed + 4) * 2 ** 31));
    }
  }
  return surface;
};
