import { cellularNoise, fractalNoise, gradientNoise, smoothstep } from './noise.ts';
import { blankSurface, colorOf, eachSample, rampColor, setColor, WHOLE, type Texture } from './surface.ts';

const RAMP = [0x3a1d10, 0x6f3c20, 0x9a5a32, 0xb57444].map(colorOf);

/** Rises steeply out of the crease and levels off. */
function dome(t: number): number {
  const short = 1 - Math.min(1, t);
  return 1 - short ** 2.4;
}

/** Height of the grain at a position, 0..1: pebbles of two sizes, separated by creases. */
function grainHeight(x: number, y: number, seed: number): number {
  const large = cellularNoise(x / 15, y / 13, seed, 0.95);
  const small = cellularNoise(x / 6.2, y / 5.8, seed + 1, 0.95);
  const pebble = dome((large.second - large.nearest) / 0.55);
  const bead = dome((small.second - small.nearest) / 0.6);
  return 0.6 * pebble * (0.8 + 0.35 * large.name) + 0.4 * bead * (0.45 + 0.55 * pebble);
}

/** Full-grain leather: cellular grain, hair pores in loose rows and soft folds, with a waxed sheen. */
export const drawLeather: Texture = (side, seed, defect) => {
  const surface = blankSurface(side);
  eachSample(surface, WHOLE, (at, px, py) => {
    const [qx, qy] = defect?.displace?.(px, py) ?? [px, py];
    const x =
      qx + 7 * fractalNoise(qx / 46, qy / 46, seed + 2, 3) + 1.6 * gradientNoise(qx / 7, qy / 7, seed + 9);
    const y =
      qy + 7 * fractalNoise(qx / 46, qy / 46, seed + 3, 3) + 1.6 * gradientNoise(qx / 7, qy / 7, seed + 10);
    const grain = grainHeight(x, y, seed);
    const fold = 1 - Math.abs(gradientNoise(x / 150 + y / 260, y / 60 - x / 190, seed + 4));
    const crease = fold ** 14 * smoothstep(-0.2, 0.5, gradientNoise(x / 110, y / 110, seed + 5));
    const pore = cellularNoise(x / 17, y / 21, seed + 6, 0.9);
    const pit = smoothstep(0.1, 0.04, pore.nearest) * (pore.name > 0.35 ? 1 : 0);
    const fine = fractalNoise(qx / 3.5, qy / 3.5, seed + 7, 2);
    surface.height[at] = 2.1 * grain - 1.3 * crease - 1.2 * pit + 0.12 * fine;
    const dye = 0.08 * fractalNoise(qx / 90, qy / 90, seed + 8, 3);
    setColor(surface, at, rampColor(RAMP, 0.3 + 0.5 * grain + dye - 0.25 * crease - 0.4 * pit + 0.03 * fine));
    surface.gloss[at] = 0.06 + 0.1 * grain;
  });
  return surface;
};
