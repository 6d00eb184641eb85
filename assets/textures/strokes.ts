import { mix, valueNoise } from './noise.ts';
import { coverColor, eachSample, raiseAlpha, type Color, type Surface } from './surface.ts';

export type Point = readonly [x: number, y: number];

/** A round strand on the surface: a yarn, a fiber, a hair. Functions take 0..1 along the path. */
export interface Strand {
  path: readonly Point[];
  /** Field units. */
  radius: (along: number) => number;
  /** Height of the strand's axis, field units. */
  lift: (along: number) => number;
  color: Color;
  /** Fraction of the light from below that it blocks, 0..1. */
  opacity: number;
  /** Turns of the fibers around the strand per field unit; 0 for a single smooth fiber. */
  twist: number;
  gloss: number;
  /** The strand's contribution to the defect's alpha; 0 if it is part of the texture. */
  alpha: number;
  seed: number;
}

/** A smooth curve through the control points (Catmull-Rom), with `steps` points per span. */
export function curve(points: readonly Point[], steps = 10): Point[] {
  const path: Point[] = [];
  const at = (k: number): Point => points[Math.min(points.length - 1, Math.max(0, k))];
  for (let k = 0; k + 1 < points.length; k++) {
    const [a, b, c, d] = [at(k - 1), at(k), at(k + 1), at(k + 2)];
    for (let step = 0; step < steps; step++) {
      const t = step / steps;
      const blend = (i: 0 | 1): number =>
        b[i] +
        0.5 *
          t *
          (c[i] - a[i] + t * (2 * a[i] - 5 * b[i] + 4 * c[i] - d[i] + t * (3 * (b[i] - c[i]) + d[i] - a[i])));
      path.push([blend(0), blend(1)]);
    }
  }
  path.push(at(points.length - 1));
  return path;
}

/** Distance along the path at each of its points, field units. */
export function lengths(path: readonly Point[]): number[] {
  const sums = [0];
  for (let k = 1; k < path.length; k++) {
    sums.push(sums[k - 1] + Math.hypot(path[k][0] - path[k - 1][0], path[k][1] - path[k - 1][1]));
  }
  return sums;
}

/** Position of a sample relative to a path: distance, signed side, and distance along it (field units and 0..1). */
export interface Nearby {
  distance: number;
  across: number;
  run: number;
  along: number;
}

/** Calls `visit` for the samples within `reach` of the path, with the nearest point of the path. */
export function eachNearby(
  surface: Surface,
  path: readonly Point[],
  reach: number,
  visit: (at: number, nearby: Nearby) => void,
): void {
  const runs = lengths(path);
  const total = runs[runs.length - 1] || 1;
  const found = new Map<number, Nearby>();
  for (let k = 1; k < path.length; k++) {
    const [ax, ay] = path[k - 1];
    const [bx, by] = path[k];
    const [dx, dy] = [bx - ax, by - ay];
    const span = Math.hypot(dx, dy) || 1e-6;
    const box = [
      Math.min(ax, bx) - reach,
      Math.min(ay, by) - reach,
      Math.max(ax, bx) + reach,
      Math.max(ay, by) + reach,
    ] as const;
    eachSample(surface, box, (at, x, y) => {
      const t = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (span * span)));
      const distance = Math.hypot(x - ax - t * dx, y - ay - t * dy);
      if (distance > reach) return;
      const known = found.get(at);
      if (known && known.distance <= distance) return;
      const across = ((x - ax) * dy - (y - ay) * dx) / span;
      const run = runs[k - 1] + t * span;
      found.set(at, { distance, across, run, along: run / total });
    });
  }
  for (const [at, nearby] of found) visit(at, nearby);
}

/** Draws a strand, which covers the samples where it is higher than the surface. */
export function layStrand(surface: Surface, strand: Strand): void {
  let widest = 0;
  for (let k = 0; k <= 20; k++) widest = Math.max(widest, strand.radius(k / 20));
  eachNearby(surface, strand.path, widest + surface.pitch, (at, { distance, across, run, along }) => {
    const radius = strand.radius(along);
    const cover = Math.min(1, Math.max(0, (radius - distance) / surface.pitch + 0.5));
    if (cover <= 0) return;
    const q = Math.min(1, distance / radius);
    const fiber =
      strand.twist > 0 ? valueNoise(run * 0.2, (across / radius) * 2.2 + run * strand.twist, strand.seed) : 0;
    const z = strand.lift(along) + radius * (Math.sqrt(1 - q * q) + 0.2 * fiber);
    if (z <= surface.height[at]) return;
    const opacity = cover * strand.opacity;
    surface.height[at] = mix(surface.height[at], z, cover);
    const shaded = 1 + 0.26 * fiber;
    coverColor(
      surface,
      at,
      [strand.color[0] * shaded, strand.color[1] * shaded, strand.color[2] * shaded],
      opacity,
    );
    surface.gloss[at] = mix(surface.gloss[at], strand.gloss, opacity);
    if (strand.alpha > 0) raiseAlpha(surface, at, strand.alpha * cover);
  });
}
