import type { Connectivity } from '../flood.ts';
import type { Size } from '../../viewer/viewport.ts';
import type { Point } from '../../viewer/viewport.ts';

/** Reference implementations for tests. A set of pixels has one byte per pixel, 255 or 0. */

export function pixelsWhere(
  { width, height }: Size,
  condition: (x: number, y: number) => boolean,
): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: width * height }, (_, at) =>
    condition(at % width, Math.floor(at / width)) ? 255 : 0,
  );
}

export function nearSegment(from: Point, to: Point, radius: number): (x: number, y: number) => boolean {
  return (x, y) => {
    const [ax, ay] = [to.x - from.x, to.y - from.y];
    const [dx, dy] = [x + 0.5 - from.x, y + 0.5 - from.y];
    const along = ax || ay ? Math.min(1, Math.max(0, (dx * ax + dy * ay) / (ax ** 2 + ay ** 2))) : 0;
    return (dx - along * ax) ** 2 + (dy - along * ay) ** 2 <= radius ** 2;
  };
}

/** Whether the winding number of a polygon around the center of a pixel is not zero. */
export function woundAround(corners: Point[]): (x: number, y: number) => boolean {
  return (x, y) => {
    let winding = 0;
    corners.forEach((a, i) => {
      const b = corners[(i + 1) % corners.length];
      if (a.y <= y + 0.5 === b.y <= y + 0.5) return;
      const crossing = a.x + ((y + 0.5 - a.y) * (b.x - a.x)) / (b.y - a.y);
      if (crossing <= x + 0.5) winding += a.y <= y + 0.5 ? 1 : -1;
    });
    return winding !== 0;
  };
}

/** The connected pixels of equal value around a pixel. */
export function connected(
  values: ArrayLike<number>,
  { width, height }: Size,
  start: number,
  connectivity: Connectivity,
): Set<number> {
  const found = new Set([start]);
  for (const at of found) {
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        if (connectivity === 4 && dx !== 0 && dy !== 0) continue;
        const x = (at % width) + dx;
        const y = Math.floor(at / width) + dy;
        if (x < 0 || y < 0 || x >= width || y >= height) continue;
        if (values[y * width + x] === values[at]) found.add(y * width + x);
      }
    }
  }
  return found;
}

/** Whether the center of any pixel with a value is within a distance. */
export function within(
  pixels: Uint8Array,
  { width }: Size,
  radius: number,
  value: number,
): (x: number, y: number) => boolean {
  return (x, y) =>
    pixels.some(
      (pixel, at) =>
        pixel === value && (x - (at % width)) ** 2 + (y - Math.floor(at / width)) ** 2 <= radius ** 2,
    );
}
