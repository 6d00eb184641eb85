import {
  cellularNoise,
  fractalNoise,
  gradientNoise,
  hash,
  random,
  between,
  smoothstep,
  valueNoise,
} from './noise.ts';
import {
  blankSurface,
  colorOf,
  eachSample,
  FIELD,
  rampColor,
  setColor,
  WHOLE,
  type Texture,
} from './surface.ts';

const RAMP = [0x4a2c17, 0x8a5a31, 0xb98553, 0xd9ad78, 0xe6c496].map(colorOf);

/** Late wood of a ring, 0..1: increases slowly through the season and ends abruptly. */
function lateWood(rings: number, seed: number): number {
  const ring = Math.floor(rings);
  const t = rings - ring;
  const strength = 0.6 + 0.4 * hash(ring, 0, seed);
  return strength * (smoothstep(0.25, 0.93, t) ** 2 - smoothstep(0.94, 1, t));
}

/**
 * A planed oak board, cut off-center from the pith: ring arches, fibers, and open pores in the early wood.
 */
export const drawWood: Texture = (side, seed, defect) => {
  const surface = blankSurface(side);
  const next = random(seed);
  const pith = between(next, 0.25, 0.75) * FIELD;
  const depth = between(next, 50, 90);
  const apex = between(next, -300, 900);
  eachSample(surface, WHOLE, (at, px, py) => {
    const [x, y] = defect?.displace?.(px, py) ?? [px, py];
    const sway =
      26 * fractalNoise(x / 260, y / 420, seed + 1, 2) + 5 * gradientNoise(x / 30, y / 150, seed + 2);
    const taper = (y - apex) / 9;
    const radius =
      Math.hypot(x - pith + sway, depth + taper) + 7 * fractalNoise(x / 60, y / 260, seed + 3, 3);
    const rings = radius / 19 + 0.35 * gradientNoise(radius / 40, 0.5, seed + 4);
    const late = lateWood(rings, seed);
    const fiber =
      0.45 * valueNoise((x + sway) / 1.3, y / 30, seed + 5) +
      0.35 * valueNoise((x + sway) / 3.1, y / 80, seed + 6) +
      0.5 * Math.max(0, valueNoise((x + sway) / 0.9, y / 17, seed + 10) - 0.25);
    const early = 1 - smoothstep(0.1, 0.5, rings - Math.floor(rings));
    const pore = cellularNoise((x + sway) / 2.4, y / 30, seed + 7, 1);
    const bore = 0.12 + 0.2 * early * ((pore.name * 53) % 1);
    const open = smoothstep(bore, 0.4 * bore, pore.nearest) * (pore.name < 0.3 + 0.6 * early ? 1 : 0);
    const ray = smoothstep(0.62, 0.85, valueNoise(x / 2.2, y / 13, seed + 8)) * 0.5;
    const tone = 0.04 * fractalNoise(x / 120, y / 260, seed + 9, 2);
    surface.height[at] = 0.06 * late + 0.13 * fiber - 0.6 * open;
    const light = 0.8 + tone - 0.36 * late + 0.3 * fiber - (0.2 + 0.2 * early) * open - 0.08 * ray;
    setColor(surface, at, rampColor(RAMP, light));
    surface.gloss[at] = 0.02;
  });
  return surface;
};
