import sharp from 'sharp';
import { colourise } from '../maps/colours.ts';
import { contourPath } from '../maps/contour.ts';
import { resizeToImage } from '../maps/resize.ts';
import { encodePreview } from './decode.ts';
import type { Tasks } from './protocol.ts';

/** The heatmap in "Reds", and the input with the outline of what reaches the threshold; both PNG at image size. */
export async function picture({
  path,
  crop,
  covered,
  scale,
  threshold,
  maxPixels,
}: Tasks['picture']['request']): Promise<Tasks['picture']['answer']> {
  const { width, height } = covered;
  const pixels = colourise(resizeToImage(covered).values, scale);
  const heatmap = await sharp(pixels, { raw: { width, height, channels: 4 }, limitInputPixels: false })
    .removeAlpha()
    .png()
    .toBuffer();
  const input = await encodePreview(path, undefined, maxPixels, crop);
  const overlay = await sharp(input, { limitInputPixels: false })
    .composite([{ input: outline(contourPath(covered, threshold), width, height), limitInputPixels: false }])
    .removeAlpha()
    .png()
    .toBuffer();
  return { heatmap, overlay };
}

/** A dashed yellow line on a dark halo: seen on any texture, and told apart without colour. */
function outline(path: string, width: number, height: number): Buffer {
  const stroke = Math.max(1.5, Math.max(width, height) / 600);
  const line = (colour: string, thickness: number, dash: string) =>
    `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${thickness}" stroke-linejoin="round" ${dash}/>`;
  const dash = `stroke-dasharray="${4 * stroke} ${2.5 * stroke}"`;
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
      line('#000000b0', 2.4 * stroke, '') +
      line('#ffe14d', stroke, dash) +
      '</svg>',
  );
}
