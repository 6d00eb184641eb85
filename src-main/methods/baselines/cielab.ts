import type { RgbImage } from '../types.ts';

/** CIE standard illuminant D65, 2 degree observer. */
const WHITE = [0.95047, 1, 1.08883] as const;

/**
 * CIE L*a*b* of an sRGB image (D65): planes L* (0..100), a* and b* (about -100..100), 3 x H x W. A Euclidean distance of 1
 * is a just noticeable difference.
 */
export function labPlanes({ values, height, width }: RgbImage): Float32Array {
  const count = height * width;
  const planes = new Float32Array(3 * count);
  for (let i = 0; i < count; i++) {
    const [l, a, b] = rgbToLab(values[i], values[count + i], values[2 * count + i]);
    planes[i] = l;
    planes[count + i] = a;
    planes[2 * count + i] = b;
  }
  return planes;
}

/** L*, a*, b* of an sRGB color with components 0..1. */
export function rgbToLab(red: number, green: number, blue: number): [l: number, a: number, b: number] {
  const [r, g, b] = [linear(red), linear(green), linear(blue)];
  const x = compress((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / WHITE[0]);
  const y = compress((0.2126729 * r + 0.7151522 * g + 0.072175 * b) / WHITE[1]);
  const z = compress((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / WHITE[2]);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function linear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function compress(ratio: number): number {
  return ratio > 216 / 24389 ? Math.cbrt(ratio) : ((24389 / 27) * ratio + 16) / 116;
}

/** Euclidean distance of two L*a*b* colors. */
export function labDistance(a: readonly number[], b: readonly number[]): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}
