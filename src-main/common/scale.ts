import type { Point } from './geometry.ts';

/**
 * Millimeters per pixel. `along` is the direction of travel of a roll; in other images `across` is horizontal and `along` is
 * vertical.
 */
export interface Scale {
  across: number;
  along: number;
}

/** A scale, as one number if both directions have the same. */
export type ScaleChoice = number | Scale;

/** The direction of a roll's length in its image. */
type Direction = 'down' | 'right';

/** Width and height of a pixel in millimeters. */
export interface PixelSize {
  x: number;
  y: number;
}

/** @returns the scale with a number for each direction */
export function scaleOf(choice: ScaleChoice): Scale {
  return typeof choice === 'number' ? { across: choice, along: choice } : choice;
}

/** @returns the scale as one number if both directions have the same */
export function scaleChoiceOf(scale: Scale): ScaleChoice {
  return scale.across === scale.along ? scale.across : scale;
}

/** A pixel's size by the scale of its image. @param direction of a roll's length; `down` for other images */
export function pixelSize(choice: ScaleChoice, direction: Direction = 'down'): PixelSize {
  const { across, along } = scaleOf(choice);
  return direction === 'down' ? { x: across, y: along } : { x: along, y: across };
}

/** The scale of an image by the size of its pixels, the inverse of `pixelSize`. */
export function scaleOfPixel({ x, y }: PixelSize, direction: Direction = 'down'): Scale {
  return direction === 'down' ? { across: x, along: y } : { across: y, along: x };
}

/** The distance of two points in millimeters. */
export function distance(from: Point, to: Point, size: PixelSize): number {
  return Math.hypot((to.x - from.x) * size.x, (to.y - from.y) * size.y);
}

/**
 * The pixel size at which two points have a known distance. A line determines one factor only, so the ratio of height to width of
 * a pixel is that of `former`.
 *
 * @returns undefined if the points coincide
 */
export function measurePixel(
  from: Point,
  to: Point,
  millimeters: number,
  former: PixelSize = { x: 1, y: 1 },
): PixelSize | undefined {
  const length = distance(from, to, former);
  if (!(length > 0)) return undefined;
  const factor = millimeters / length;
  return { x: former.x * factor, y: former.y * factor };
}
