import { expose, shade, type Lamp } from './shading.ts';
import { maskOf } from './mask.ts';
import type { Defect, Texture } from './surface.ts';

/** Samples per pixel side. Details finer than a pixel are averaged, as on a sensor. */
const OVERSAMPLING = 2;

export interface Picture {
  /** Pixels along a side. */
  size: number;
  /** size x size x 3, sRGB. */
  pixels: Uint8Array;
  /** size x size, 0 normal or 255 anomalous. */
  mask: Uint8Array;
}

export interface Scene {
  texture: Texture;
  lamp: Lamp;
  /** Sensor noise in gray levels. */
  grain: number;
}

/**
 * Draws a piece of material, applies the defect, lights it and photographs it. Takes about a second at 512
 * pixels.
 */
export function takePicture(scene: Scene, seed: number, size: number, defect?: Defect): Picture {
  const side = size * OVERSAMPLING;
  const surface = scene.texture(side, seed, defect);
  defect?.lay(surface);
  const pixels = expose(shade(surface, scene.lamp, seed + 5), side, size, seed + 6, scene.grain);
  return { size, pixels, mask: maskOf(surface, size) };
}
