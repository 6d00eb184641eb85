import { between, gradientNoise, random, smoothstep } from './noise.ts';
import { blobDistance, place, type Blob } from './shape.ts';
import { curve, layStrand, type Point } from './strokes.ts';
import { coverColor, eachSample, raiseAlpha, WHOLE, type Color, type Defect } from './surface.ts';

/** A hole torn into a yarn material: yarns end raggedly at its rim, and their fibers extend into the dark. */
export function tornHole(
  seed: number,
  yarn: { colors: readonly Color[]; radius: number; size: number },
): Defect {
  const next = random(seed);
  const radius = yarn.size * between(next, 0.85, 1.2);
  const blob: Blob = {
    center: place(next, 1.8 * radius),
    radius,
    ragged: 0.32,
    stretch: between(next, 1, 1.7),
    angle: between(next, 0, Math.PI),
    seed,
  };
  const distance = blobDistance(blob);
  const pushed = (x: number, y: number): Point => {
    const [dx, dy] = [x - blob.center[0], y - blob.center[1]];
    const away = Math.hypot(dx, dy) || 1;
    const push = 2.2 * Math.exp(-((Math.max(0, distance(x, y)) / (0.5 * radius)) ** 2));
    return [x - (push * dx) / away, y - (push * dy) / away];
  };
  return {
    absence: distance,
    displace: pushed,
    lay: (surface) => {
      eachSample(surface, WHOLE, (at, x, y) => {
        const missing = distance(x, y);
        raiseAlpha(surface, at, smoothstep(2.4, -0.6, missing));
      });
      for (let k = 0; k < 46; k++) {
        const angle = between(next, 0, 2 * Math.PI);
        const rim = rimPoint(distance, blob, angle);
        const inward = angle + Math.PI + between(next, -0.9, 0.9);
        const reach = between(next, 0.2, 0.75) * radius;
        const bend = between(next, -1.3, 1.3);
        const path = curve(
          [-0.35, 0, 0.35, 0.7, 1].map((t) => [
            rim[0] + reach * t * Math.cos(inward + bend * t),
            rim[1] + reach * t * Math.sin(inward + bend * t),
          ]),
          4,
        );
        const thick = k < 9 ? 0.55 * yarn.radius : between(next, 0.3, 0.55);
        const shade = between(next, 0.7, 1.1);
        const color = yarn.colors[k % yarn.colors.length];
        const top = between(next, 0.4, 1.2) * yarn.radius;
        layStrand(surface, {
          path,
          radius: (t) => thick * (1 - 0.6 * t),
          lift: (t) => top - 1.4 * yarn.radius * t,
          color: [color[0] * shade, color[1] * shade, color[2] * shade],
          opacity: k < 9 ? 1 : 0.75,
          twist: k < 9 ? 0.4 : 0,
          gloss: 0,
          alpha: 1,
          seed: seed + k,
        });
      }
    },
  };
}

/** Where the ray from the blob's center meets its outline. */
function rimPoint(distance: (x: number, y: number) => number, blob: Blob, angle: number): Point {
  let far = 0;
  const at = (r: number): Point => [
    blob.center[0] + r * Math.cos(angle),
    blob.center[1] + r * Math.sin(angle),
  ];
  while (far < 3 * blob.radius && distance(...at(far)) < 0) far += 0.5;
  return at(far);
}

/** Parameters of holes in a solid material. */
export interface Bore {
  count: number;
  /** Radius of a hole, field units. */
  radius: number;
  ragged: number;
  /** Height of the raised rim, field units. */
  rim: number;
  depth: number;
  wall: Color;
}

/** Holes in a solid material: nail punctures, worm holes, corrosion pits. */
export function boredHoles(seed: number, bore: Bore): Defect {
  const next = random(seed);
  const spread = bore.count > 1 ? 3.9 * bore.radius : 0;
  const middle = place(next, spread + 2 * bore.radius);
  const turn = between(next, 0, 2 * Math.PI);
  const distances = Array.from({ length: bore.count }, (_, k) => {
    const angle = turn + 2.4 * k + between(next, -0.5, 0.5);
    const away = spread * Math.sqrt((k + between(next, 0.1, 0.9)) / bore.count);
    return blobDistance({
      center: [middle[0] + away * Math.cos(angle), middle[1] + away * Math.sin(angle)],
      radius: bore.radius * between(next, 0.65, 1.15),
      ragged: bore.ragged,
      stretch: between(next, 1, 1.35),
      angle: between(next, 0, Math.PI),
      seed: seed + k,
    });
  });
  return {
    lay: (surface) =>
      eachSample(surface, WHOLE, (at, x, y) => {
        const distance = Math.min(...distances.map((each) => each(x, y)));
        if (distance > 4 * bore.radius) return;
        const inside = smoothstep(0.8, -0.35 * bore.radius, distance);
        const rough = 1 + 0.35 * gradientNoise(x / 4, y / 4, seed + 9);
        const rim = bore.rim * rough * Math.exp(-(((distance - 1.2) / 2.6) ** 2));
        surface.height[at] = surface.height[at] * (1 - 0.8 * inside) + rim - bore.depth * inside * rough;
        coverColor(surface, at, bore.wall, 0.92 * inside + (0.3 * rim) / (bore.rim + 1));
        surface.gloss[at] *= 1 - inside;
        raiseAlpha(surface, at, Math.max(inside * 1.6, bore.rim > 0 ? smoothstep(4, 2, distance) : 0));
      }),
  };
}
