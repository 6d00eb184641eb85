import sharp from 'sharp';
import { applyColormap } from '../../common/maps/colormaps.ts';
import { contourRings } from '../../common/maps/contour.ts';
import { resizeToImage } from '../../common/maps/resize.ts';
import { encodePreview } from '../readers/decode-image.ts';
import { contourSvg, PREDICTION_STYLE } from './contour-svg.ts';
import type { EngineRequests } from '../protocol/messages.ts';

/** The heatmap in "Reds", and the input with the outline of what reaches the threshold; both PNG at image size. */
export async function renderOverlay({
  path,
  crop,
  bitDepth,
  placed,
  range,
  threshold,
  maxPixels,
}: EngineRequests['renderOverlay']['request']): Promise<EngineRequests['renderOverlay']['response']> {
  const { width, height } = placed;
  const pixels = applyColormap(resizeToImage(placed).values, range);
  const heatmap = await sharp(pixels, { raw: { width, height, channels: 4 }, limitInputPixels: false })
    .removeAlpha()
    .png()
    .toBuffer();
  const input = await encodePreview(path, undefined, { maxPixels, crop, bitDepth });
  const overlay = await sharp(input, { limitInputPixels: false })
    .composite(contourSvg(contourRings(placed, threshold), placed, PREDICTION_STYLE))
    .removeAlpha()
    .png()
    .toBuffer();
  return { heatmap, overlay };
}
