import { between, fractalNoise, random, valueNoise } from './noise.ts';
import { blankSurface, colorOf, eachSample, FIELD, setColor, WHOLE, type Texture } from './surface.ts';
import { layStrand } from './strokes.ts';

const STEEL = colorOf(0x9b9fa3);

/** Stainless steel brushed across the picture. The lamp is mirrored as a broad band across the brushing. */
export const drawSteel: Texture = (side, seed, defect) => {
  const surface = blankSurface(side);
  const next = random(seed);
  const band = between(next, 0.25, 0.75) * FIELD;
  const width = between(next, 150, 210);
  eachSample(surface, WHOLE, (at, px, py) => {
    const [x, y] = defect?.displace?.(px, py) ?? [px, py];
    const line =
      0.42 * valueNoise(x / 95, y / 0.9, seed + 1) +
      0.34 * valueNoise(x / 240, y / 1.7, seed + 2) +
      0.16 * valueNoise(x / 30, y / 1.1, seed + 3) +
      0.2 * valueNoise(x / 420, y / 5, seed + 4);
    const roll = 0.03 * fractalNoise(x / 300, y / 90, seed + 5, 2);
    const mirrored = Math.exp(-(((x - band) / width) ** 2));
    setColor(surface, at, STEEL, (0.78 + 0.5 * mirrored) * (1 + roll + 0.22 * line));
    surface.height[at] = 0.1 * line;
    surface.gloss[at] = 0.03;
  });
  for (let k = 0; k < 260; k++) {
    const x = between(next, -40, FIELD);
    const y = between(next, 0, FIELD);
    const reach = between(next, 20, 130);
    const bright = next() > 0.45;
    layStrand(surface, {
      path: [
        [x, y],
        [x + reach, y + between(next, -0.7, 0.7)],
      ],
      radius: (t) => 0.6 * Math.sin(Math.PI * Math.min(0.98, Math.max(0.02, t))),
      lift: () => 0,
      color: bright ? colorOf(0xd8dadc) : colorOf(0x6d7074),
      opacity: 0.45,
      twist: 0,
      gloss: 0.03,
      alpha: 0,
      seed,
    });
  }
  return surface;
};
