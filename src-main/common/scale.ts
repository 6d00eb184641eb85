import type { Point } from './geometry.ts';
import { MM_PER_INCH } from './length-text.ts';

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
export type Direction = 'down' | 'right';

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

export function isSameScale(one: ScaleChoice | null, other: ScaleChoice | null): boolean {
  if (one === null || other === null) return one === other;
  const [first, second] = [scaleOf(one), scaleOf(other)];
  return first.across === second.across && first.along === second.along;
}

/** The millimeters per pixel of square pixels; undefined if their sides differ. */
export function squarePixel(choice: ScaleChoice): number | undefined {
  const { across, along } = scaleOf(choice);
  return across === along ? across : undefined;
}

/** Formats a scale: "0.1 mm per pixel", "0.1 mm per pixel across, 0.2 along". */
export function formatScale(choice: ScaleChoice): string {
  const { across, along } = scaleOf(choice);
  const text = (value: number) => String(Number(value.toPrecision(4)));
  return `${text(across)} mm per pixel${across === along ? '' : ` across, ${text(along)} along`}`;
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
 * a pixel stays that of `former`. With `axis`, the known length is that of the line's horizontal (x) or vertical (y) part, and the
 * other side of a pixel stays that of `former`.
 *
 * @param known.former the size so far; undefined for square pixels of unknown size
 * @returns undefined if the line has no extent
 */
export function measurePixel(
  from: Point,
  to: Point,
  millimeters: number,
  { former, axis }: { former?: PixelSize | undefined; axis?: keyof PixelSize } = {},
): PixelSize | undefined {
  const extent = axis ? Math.abs(to[axis] - from[axis]) : distance(from, to, former ?? { x: 1, y: 1 });
  if (!(extent > 0)) return undefined;
  const factor = millimeters / extent;
  if (axis) return { x: factor, y: factor, ...former, [axis]: factor };
  return { x: (former?.x ?? 1) * factor, y: (former?.y ?? 1) * factor };
}

/** Resolutions in dots per inch that programs write where they know none. libvips writes one pixel per millimeter. */
const PROGRAM_RESOLUTIONS = [72, 96, MM_PER_INCH];

/** The resolution, in dots per inch, that programs write where they know none; undefined for any other. */
export function programResolution({ x, y }: PixelSize): number | undefined {
  const isNear = (size: number, dpi: number) => Math.abs((size * dpi) / MM_PER_INCH - 1) < 1e-3;
  return PROGRAM_RESOLUTIONS.find((dpi) => isNear(x, dpi) && isNear(y, dpi));
}
