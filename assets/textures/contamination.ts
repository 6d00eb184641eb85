import { between, gradientNoise, random, smoothstep } from './noise.ts';
import { blobDistance, place } from './shape.ts';
import { curve, layStrand, type Point } from './strokes.ts';
import { coverColor, eachSample, FIELD, raiseAlpha, type Color, type Defect } from './surface.ts';

export interface ForeignFiber {
  color: Color;
  /** Length and radius, field units. */
  length: number;
  radius: number;
  /** Height of the surface's peaks, on which the fiber rests, field units. */
  rest: number;
  gloss: number;
}

/** A foreign fiber: a long curled thread of another color on the material. */
export function foreignFiber(seed: number, fiber: ForeignFiber): Defect {
  const next = random(seed);
  const [cx, cy] = place(next, 0.36 * fiber.length);
  let heading = between(next, 0, 2 * Math.PI);
  let turn = between(next, -0.5, 0.5);
  const stride = fiber.length / 18;
  const points: Point[] = [[0, 0]];
  for (let k = 0; k < 18; k++) {
    turn = 0.72 * turn + between(next, -0.55, 0.55);
    heading += turn;
    const [x, y] = points[k];
    points.push([x + stride * Math.cos(heading), y + stride * Math.sin(heading)]);
  }
  const middle = [0, 1].map((axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length);
  const path = curve(
    points.map(([x, y]) => [x - middle[0] + cx, y - middle[1] + cy]),
    9,
  );
  return {
    lay: (surface) =>
      layStrand(surface, {
        path,
        radius: (t) =>
          fiber.radius *
          (0.75 + 0.25 * Math.sin(9 * t + seed)) *
          smoothstep(0, 0.03, Math.min(t, 1 - t) + 0.01),
        lift: (t) => fiber.rest + fiber.radius * (0.6 + 0.9 * Math.sin(13 * t + seed) ** 2),
        color: fiber.color,
        opacity: 0.95,
        twist: 0.35,
        gloss: fiber.gloss,
        alpha: 1,
        seed,
      }),
  };
}

export interface Debris {
  count: number;
  /** Smallest and largest radius of a particle, field units. */
  radii: readonly [number, number];
  /** Distance between particles, field units. */
  spread: number;
  colors: readonly Color[];
  rest: number;
  gloss: number;
}

/** Specks: particles of a foreign material, in a loose cluster on the surface. */
export function specks(seed: number, debris: Debris): Defect {
  const next = random(seed);
  const middle = place(next, 1.6 * debris.spread + debris.radii[1]);
  const particles = Array.from({ length: debris.count }, (_, k) => {
    const angle = between(next, 0, 2 * Math.PI);
    const away = debris.spread * 1.6 * next() ** 0.8;
    const center: Point = [middle[0] + away * Math.cos(angle), middle[1] + 0.8 * away * Math.sin(angle)];
    const radius = between(next, debris.radii[0], debris.radii[1]) * (k === 0 ? 1.25 : 1);
    const shape = { center, radius, ragged: 0.45, stretch: between(next, 1, 1.8), angle, seed: seed + k };
    return {
      center,
      radius,
      color: debris.colors[k % debris.colors.length],
      distance: blobDistance(shape),
    };
  });
  return {
    lay: (surface) => {
      for (const { center, radius, color, distance } of particles) {
        const box = [
          center[0] - 3 * radius,
          center[1] - 3 * radius,
          center[0] + 3 * radius,
          center[1] + 3 * radius,
        ];
        const inField = box.map((edge) => Math.min(FIELD, Math.max(0, edge)));
        eachSample(surface, [inField[0], inField[1], inField[2], inField[3]], (at, x, y) => {
          const inside = smoothstep(0.4, -0.4, distance(x, y));
          if (inside <= 0) return;
          const facet = gradientNoise(x / 2.6, y / 2.6, seed + 3);
          const top = debris.rest + Math.min(0.8 * radius, 1.1 * -distance(x, y)) + 0.5 * facet;
          surface.height[at] += (Math.max(surface.height[at], top) - surface.height[at]) * inside;
          const shade = 1 + 0.3 * facet;
          coverColor(surface, at, [color[0] * shade, color[1] * shade, color[2] * shade], inside);
          surface.gloss[at] = debris.gloss * inside + surface.gloss[at] * (1 - inside);
          raiseAlpha(surface, at, inside);
        });
      }
    },
  };
}
