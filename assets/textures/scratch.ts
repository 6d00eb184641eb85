import { between, random, smoothstep, valueNoise } from './noise.ts';
import { bentPath } from './shape.ts';
import { eachNearby } from './strokes.ts';
import { coverColor, raiseAlpha, type Color, type Defect } from './surface.ts';

export interface Scoring {
  /** Length and largest width, field units. */
  length: number;
  width: number;
  /** Depth of the groove and height of the burr pushed up along its edges, field units. */
  depth: number;
  burr: number;
  /** Color of the exposed groove, and its opacity, 0..1. */
  bare: Color;
  opacity: number;
  /** Height below which the tool did not reach, field units. */
  contact: number;
  /** Smallest and largest angle to the horizontal, radians. */
  headings: readonly [number, number];
}

/** A scratch: a groove that starts sharply, varies in width, skips where the tool lifted, and fades out. */
export function scratch(seed: number, scoring: Scoring): Defect {
  const next = random(seed);
  const length = scoring.length * between(next, 0.85, 1.15);
  const heading = between(next, ...scoring.headings);
  const path = bentPath(next, length, heading, 0.22);
  return {
    lay: (surface) =>
      eachNearby(surface, path, scoring.width * 1.9, (at, { distance, run, along, across }) => {
        const pressure =
          smoothstep(0, 0.06, along) *
          smoothstep(1, 0.7, along) *
          (0.75 + 0.4 * valueNoise(run / 17, 0.5, seed));
        const half =
          0.5 * scoring.width * Math.max(0, pressure) * (1 + 0.2 * valueNoise(run / 2.5, 3.5, seed));
        const groove = smoothstep(half + 0.5, half - 0.5, distance) * smoothstep(0.05, 0.2, pressure);
        const edge = Math.exp(-(((distance - half - 0.8) / 0.9) ** 2)) * pressure;
        const chatter = 1 + 0.25 * valueNoise(run / 1.6, across / 0.8, seed + 1);
        const ploughed = 0.75 + 0.45 * valueNoise(across / 0.6, run / 45, seed + 2);
        const top = surface.height[at];
        const touch = smoothstep(scoring.contact - 0.5, scoring.contact + 0.6, top);
        surface.height[at] =
          top * (1 - 0.5 * groove * touch) -
          scoring.depth * pressure * groove * touch * chatter +
          scoring.burr * edge;
        const shown = scoring.opacity * groove * touch * (0.65 + 0.35 * pressure) * chatter * ploughed;
        const opacity = Math.min(1, shown);
        coverColor(surface, at, scoring.bare, opacity);
        raiseAlpha(surface, at, Math.max(groove, scoring.burr > 0 ? 0.9 * edge : 0));
      }),
  };
}
