/**
 * The surface that textures and defects are drawn on before lighting.
 *
 * Geometry is in field units: every picture shows a field of 512 x 512 units, whatever its size in pixels, so a
 * picture of 128 pixels shows the same thing as one of 512. Height is in field units too; 0 is the mean plane
 * and larger is nearer to the camera.
 */

export const FIELD = 512;

/** Linear reflectance of red, green and blue, 0..1. */
export type Color = readonly [number, number, number];

export interface Surface {
  /** Samples per side. */
  readonly side: number;
  /** Field units between samples. */
  readonly pitch: number;
  /** side x side, field units. */
  readonly height: Float32Array;
  /** side x side x 3, linear reflectance. */
  readonly color: Float32Array;
  /** side x side, fraction of the light that is mirrored, 0..1. */
  readonly gloss: Float32Array;
  /** side x side, how much the defect changed the sample, 0..1. */
  readonly alpha: Float32Array;
}

/** A change of a texture by a defect. */
export interface Defect {
  /** The original position of the material that is now at (x, y), before it was displaced. */
  displace?: (x: number, y: number) => readonly [number, number];
  /** Distance to missing material, field units; negative inside. */
  absence?: (x: number, y: number) => number;
  /** Changes the drawn surface and sets its alpha. */
  lay: (surface: Surface) => void;
}

/** Draws the unchanged parts of a material, using `displace` and `absence` of the defect if there is one. */
export type Texture = (side: number, seed: number, defect?: Defect) => Surface;

export function blankSurface(side: number): Surface {
  const area = side * side;
  return {
    side,
    pitch: FIELD / side,
    height: new Float32Array(area),
    color: new Float32Array(3 * area),
    gloss: new Float32Array(area),
    alpha: new Float32Array(area),
  };
}

/** Linear reflectance of a color written as 0xrrggbb in sRGB. */
export function colorOf(hex: number): Color {
  const channel = (shift: number): number => {
    const encoded = ((hex >> shift) & 255) / 255;
    return encoded <= 0.04045 ? encoded / 12.92 : ((encoded + 0.055) / 1.055) ** 2.4;
  };
  return [channel(16), channel(8), channel(0)];
}

export function mixColor(a: Color, b: Color, t: number): Color {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
}

/** The color at t, 0..1, on a ramp of evenly spaced colors. */
export function rampColor(ramp: readonly Color[], t: number): Color {
  const place = Math.min(0.9999, Math.max(0, t)) * (ramp.length - 1);
  const step = Math.floor(place);
  return mixColor(ramp[step], ramp[step + 1], place - step);
}

export function setColor(surface: Surface, at: number, color: Color, brightness = 1): void {
  surface.color[3 * at] = color[0] * brightness;
  surface.color[3 * at + 1] = color[1] * brightness;
  surface.color[3 * at + 2] = color[2] * brightness;
}

/** Blends `color` over the sample with the given opacity. */
export function coverColor(surface: Surface, at: number, color: Color, opacity: number): void {
  for (let channel = 0; channel < 3; channel++) {
    const below = surface.color[3 * at + channel];
    surface.color[3 * at + channel] = below + (color[channel] - below) * opacity;
  }
}

export function raiseAlpha(surface: Surface, at: number, alpha: number): void {
  if (alpha > surface.alpha[at]) surface.alpha[at] = alpha;
}

/** Calls `visit` for every sample whose position is inside the box (field units). */
export function eachSample(
  surface: Surface,
  box: readonly [left: number, top: number, right: number, bottom: number],
  visit: (at: number, x: number, y: number) => void,
): void {
  const { side, pitch } = surface;
  const first = (edge: number): number => Math.max(0, Math.floor(edge / pitch));
  const last = (edge: number): number => Math.min(side - 1, Math.ceil(edge / pitch));
  for (let row = first(box[1]); row <= last(box[3]); row++) {
    for (let column = first(box[0]); column <= last(box[2]); column++) {
      visit(row * side + column, (column + 0.5) * pitch, (row + 0.5) * pitch);
    }
  }
}

/** Every sample of the field. */
export const WHOLE: readonly [number, number, number, number] = [0, 0, FIELD, FIELD];
