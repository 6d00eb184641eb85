import { between, random, smoothstep, valueNoise, type Random } from './noise.ts';
import { bentPath } from './shape.ts';
import { eachNearby, type Point } from './strokes.ts';
import { coverColor, raiseAlpha, type Color, type Defect } from './surface.ts';

export interface Fracture {
  /** Length of the main crack and its largest width, field units. */
  length: number;
  width: number;
  branches: number;
  /** Deviation of the crack from its straight course, as a fraction of its length. */
  jagged: number;
  /** Angle between the crack and its branches, radians. */
  splay: number;
  depth: number;
  /** Colors of the depth and of the chipped edges. */
  inside: Color;
  edge: Color;
  headings: readonly [number, number];
}

interface Branch {
  path: Point[];
  width: number;
}

/** Breaks a path into straight, jagged pieces. */
function breakPath(next: Random, path: readonly Point[], jagged: number): Point[] {
  return path
    .filter((_, k) => k % 2 === 0)
    .map(([x, y], k, all): Point => {
      const still = k === 0 || k === all.length - 1 ? 0 : 1;
      return [x + still * between(next, -jagged, jagged), y + still * between(next, -jagged, jagged)];
    });
}

function branchFrom(next: Random, main: readonly Point[], fracture: Fracture, side: number): Branch {
  const k = Math.floor(between(next, 0.2, 0.7) * (main.length - 1));
  const [from, to] = [main[k], main[k + 1]];
  let heading =
    Math.atan2(to[1] - from[1], to[0] - from[0]) + side * fracture.splay * between(next, 0.7, 1.4);
  const path = [from];
  const steps = Math.round(between(next, 4, 9));
  for (let step = 0; step < steps; step++) {
    heading += between(next, -0.8, 0.6) * side * fracture.splay;
    const last = path[path.length - 1];
    const stride = fracture.length / 36 + between(next, 0, fracture.length / 50);
    path.push([last[0] + stride * Math.cos(heading), last[1] + stride * Math.sin(heading)]);
  }
  return { path, width: fracture.width * between(next, 0.5, 0.75) };
}

/** A crack: a jagged dark line, widest in the middle, with thinner branches and chipped edges. */
export function crack(seed: number, fracture: Fracture): Defect {
  const next = random(seed);
  const heading = between(next, ...fracture.headings);
  const course = bentPath(next, fracture.length, heading, 0.15);
  const main = breakPath(next, course, fracture.jagged * fracture.length);
  const branches: Branch[] = [{ path: main, width: fracture.width }];
  for (let k = 0; k < fracture.branches; k++) branches.push(branchFrom(next, main, fracture, k % 2 ? 1 : -1));
  return {
    lay: (surface) => {
      branches.forEach(({ path, width }, k) =>
        eachNearby(surface, path, width + 3, (at, { distance, run, along }) => {
          const taper =
            k === 0 ? smoothstep(0, 0.25, along) * smoothstep(1, 0.6, along) : smoothstep(1.1, 0.2, along);
          const half = 0.5 * width * (0.3 + 0.7 * taper) * (1 + 0.45 * valueNoise(run / 5, k + 0.5, seed));
          const open = smoothstep(half + 0.55, half - 0.55, distance);
          const ragged = valueNoise(run / 4, 7.5 + Math.sign(distance), seed + 1);
          const chip = smoothstep(half + 2.2, half + 0.4, distance) * smoothstep(0.1, 0.5, ragged);
          coverColor(surface, at, fracture.edge, 0.5 * chip * (1 - open));
          coverColor(surface, at, fracture.inside, 0.95 * open);
          surface.height[at] -= fracture.depth * open + 0.4 * chip;
          surface.gloss[at] *= 1 - open;
          raiseAlpha(surface, at, Math.max(open, 0.8 * chip));
        }),
      );
    },
  };
}
