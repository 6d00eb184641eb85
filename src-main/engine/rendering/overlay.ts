import type { OverlayOptions } from 'sharp';
import type { EightBitBlock } from '../readers/eight-bit.ts';
import { sharpOf } from '../readers/samples.ts';

/** Draws contours and shading over an image. @returns RGB, as PNG */
export function overlayOn(pixels: EightBitBlock, over: OverlayOptions[]): Promise<Uint8Array> {
  return sharpOf(pixels).toColourspace('srgb').composite(over).removeAlpha().png().toBuffer();
}
