import type { PixelBlock } from './pixel-source.ts';

/** Pixels with 8 bits per channel. */
export interface EightBitBlock extends PixelBlock {
  data: Uint8Array<ArrayBuffer>;
}

/** Pixels with 8 bits per channel, as sharp converts them. */
export function to8Bit({ data, ...size }: PixelBlock): EightBitBlock {
  if (data instanceof Uint8Array) return { ...size, data };
  return { ...size, data: Uint8Array.from(data, (sample) => sample >> 8) };
}
