import { between, fractalNoise, random, smoothstep } from './noise.ts';
import { blobDistance, place } from './shape.ts';
import { eachSample, raiseAlpha, WHOLE, type Color, type Defect } from './surface.ts';

export interface Liquid {
  /** Fractions of red, green and blue that a fully stained position still reflects. */
  tint: Color;
  /** Mean radius, field units. */
  radius: number;
  /** Width of the soft border, field units. */
  soft: number;
  /** Darkening of the tide line at the border relative to the center, 0..1. */
  tide: number;
  /** How much more the stain affects hollows than crowns, per field unit of height. */
  soak: number;
}

/**
 * A dried stain: tints the material and keeps its texture; most intense in a tide line along a soft border.
 */
export function stain(seed: number, liquid: Liquid): Defect {
  const next = random(seed);
  const radius = liquid.radius * between(next, 0.85, 1.15);
  const center = place(next, 1.75 * radius);
  const stretch = between(next, 1, 1.6);
  const angle = between(next, 0, Math.PI);
  const main = blobDistance({ center, radius, ragged: 0.3, stretch, angle, seed });
  const drops = Array.from({ length: Math.floor(between(next, 0, 3)) }, (_, k) => {
    const way = between(next, 0, 2 * Math.PI);
    const away = between(next, 1.4, 1.6) * radius;
    return blobDistance({
      center: [center[0] + away * Math.cos(way), center[1] + away * Math.sin(way)],
      radius: between(next, 0.12, 0.2) * radius,
      ragged: 0.2,
      stretch: 1.1,
      angle,
      seed: seed + 10 + k,
    });
  });
  return {
    lay: (surface) =>
      eachSample(surface, WHOLE, (at, x, y) => {
        const wick = 1.6 * fractalNoise(x / 7, y / 7, seed + 2, 2);
        const distance = Math.min(main(x, y), ...drops.map((drop) => drop(x, y))) + wick;
        const body = smoothstep(liquid.soft / 2, -liquid.soft / 2, distance);
        if (body <= 0) return;
        const line = Math.exp(-(((distance + 0.6 * liquid.soft) / (0.45 * liquid.soft)) ** 2));
        const cloud = 0.12 * fractalNoise(x / 25, y / 25, seed + 3, 3);
        const uptake = 1 - liquid.soak * Math.max(-1.5, Math.min(1.5, surface.height[at]));
        const density = body * (1 - liquid.tide + liquid.tide * line + cloud) * uptake;
        for (let channel = 0; channel < 3; channel++) {
          surface.color[3 * at + channel] *= liquid.tint[channel] ** Math.max(0, density);
        }
        raiseAlpha(surface, at, body);
      }),
  };
}
