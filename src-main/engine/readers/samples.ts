import sharp, { type Metadata, type Sharp } from 'sharp';
import { DecodeError } from './decode-error.ts';

/** Decoded samples, interleaved, each spanning the full range of its type. */
export interface Samples {
  /** `height` x `width` x `channels`; 0 is black, 255 or 65535 is white. */
  data: Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;
  width: number;
  height: number;
  /** Gray, gray and alpha, RGB, or RGB and alpha. */
  channels: 1 | 2 | 3 | 4;
}

/** The samples as an image that sharp processes further. */
export function sharpOf({ data, width, height, channels }: Samples): Sharp {
  return sharp(data, { raw: { width, height, channels }, limitInputPixels: false });
}

/** Decodes with sharp to gray or RGB, with alpha if `hasAlpha`. Other bands are dropped. */
export async function decodeSamples(
  image: Sharp,
  { depth, space, channels: storedBands }: Metadata,
  hasAlpha: boolean,
): Promise<Samples> {
  const is16Bit = depth === 'ushort';
  // In the color space `b-w`, libvips drops every other band.
  const isGray = space === 'grey16' || (space === 'b-w' && storedBands === 1);
  const { data, info } = await image
    .autoOrient()
    .toColourspace(isGray ? (is16Bit ? 'grey16' : 'b-w') : is16Bit ? 'rgb16' : 'srgb')
    .raw({ depth: is16Bit ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels: bands } = info;
  const all = is16Bit
    ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2)
    : new Uint8Array(data.buffer, data.byteOffset, data.length);
  const channels = ((isGray ? 1 : 3) + (hasAlpha ? 1 : 0)) as Samples['channels'];
  if (channels > bands) throw new DecodeError('it has fewer bands than it declares');
  if (channels === bands) return { data: all as Samples['data'], width, height, channels };
  const count = width * height;
  const selected = is16Bit ? new Uint16Array(count * channels) : new Uint8Array(count * channels);
  for (let i = 0; i < count; i++)
    for (let channel = 0; channel < channels; channel++)
      selected[i * channels + channel] = all[i * bands + channel];
  return { data: selected, width, height, channels };
}

/** RGB of 8-bit CMYK under the assumption of ideal inks, as most programs show it. */
export async function decodeCmyk(image: Sharp): Promise<Samples> {
  const { data, info } = await image
    .autoOrient()
    .pipelineColourspace('cmyk')
    .toColourspace('cmyk')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  return { data: inksToRgb(data), width, height, channels: 3 };
}

/** RGB of interleaved CMYK, 8 bit, with ideal inks. */
export function inksToRgb(inks: Uint8Array): Uint8Array<ArrayBuffer> {
  const rgb = new Uint8Array((inks.length / 4) * 3);
  for (let from = 0, to = 0; from < inks.length; from += 4, to += 3)
    for (let ink = 0; ink < 3; ink++)
      rgb[to + ink] = Math.round(((255 - inks[from + ink]) * (255 - inks[from + 3])) / 255);
  return rgb;
}

/**
 * Blends transparency onto black. Alpha that is 0 everywhere carries no information and is dropped.
 *
 * @param isClear whether it is, for a part of an image
 */
export function flattenAlpha(
  { data, channels }: Pick<Samples, 'data' | 'channels'>,
  isClear = isAlphaClear({ data, channels }),
): { data: Samples['data']; channels: 1 | 3; isClear: boolean } {
  if (channels === 1 || channels === 3) return { data, channels, isClear: false };
  const colors = channels === 2 ? 1 : 3;
  const white = data instanceof Uint16Array ? 65535 : 255;
  const count = data.length / channels;
  const flat = data instanceof Uint16Array ? new Uint16Array(count * colors) : new Uint8Array(count * colors);
  for (let i = 0; i < count; i++) {
    const alpha = isClear ? white : data[i * channels + colors];
    for (let color = 0; color < colors; color++) {
      const value = data[i * channels + color];
      flat[i * colors + color] = alpha === white ? value : Math.round((value * alpha) / white);
    }
  }
  return { data: flat, channels: colors, isClear };
}

/** Whether samples have an alpha channel that is 0 everywhere. */
export function isAlphaClear({ data, channels }: Pick<Samples, 'data' | 'channels'>): boolean {
  if (channels === 1 || channels === 3) return false;
  for (let i = channels - 1; i < data.length; i += channels) if (data[i] !== 0) return false;
  return true;
}
