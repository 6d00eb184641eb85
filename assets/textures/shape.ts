import { between, fractalNoise, type Random } from './noise.ts';
import { FIELD } from './surface.ts';
import { curve, type Point } from './strokes.ts';

/** Minimum distance of defects from the border of the field, field units. */
const MARGIN = 42;

/** A position for an object that extends `extent` from its center. */
export function place(next: Random, extent: number): Point {
  const edge = MARGIN + extent;
  return [between(next, edge, FIELD - edge), between(next, edge, FIELD - edge)];
}

export interface Blob {
  center: Point;
  /** Mean radius, field units. */
  radius: number;
  /** Irregularity of the outline, from 0 (a circle) to about 0.5. */
  ragged: number;
  /** Ratio of the length along `angle` to the width across it. */
  stretch: number;
  angle: number;
  seed: number;
}

/** Distance to the outline of an irregular blob, negative inside; about exact near the outline. */
export function blobDistance(blob: Blob): (x: number, y: number) => number {
  const [cos, sin] = [Math.cos(blob.angle), Math.sin(blob.angle)];
  const root = Math.sqrt(blob.stretch);
  return (px, py) => {
    const dx = px - blob.center[0];
    const dy = py - blob.center[1];
    const x = (dx * cos + dy * sin) / root;
    const y = (dy * cos - dx * sin) * root;
    const distance = Math.hypot(x, y);
    const scale = blob.radius * 1.1;
    const outline = 1 + blob.ragged * fractalNoise(dx / scale + 7.3, dy / scale + 3.1, blob.seed, 3);
    return distance - blob.radius * outline;
  };
}

/** A slightly bent path of about the given length inside the field, `heading` radians from the right. */
export function bentPath(next: Random, length: number, heading: number, bend: number): Point[] {
  const [cos, sin] = [Math.cos(heading), Math.sin(heading)];
  const reach = [Math.abs(cos), Math.abs(sin)].map((share) => MARGIN + (share * length) / 2 + 6);
  const middle = [between(next, reach[0], FIELD - reach[0]), between(next, reach[1], FIELD - reach[1])];
  const arc = between(next, -bend, bend) * length;
  const points = [-0.5, -0.25, 0, 0.25, 0.5].map((t): Point => {
    const off = arc * (0.25 - t * t) + between(next, -0.012, 0.012) * length;
    return [middle[0] + t * length * cos - off * sin, middle[1] + t * length * sin + off * cos];
  });
  return curve(points, 12);
}
