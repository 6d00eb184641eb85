import sharp from 'sharp';
import { contourRings } from '../../common/maps/contour.ts';
import { maskRegions } from '../../common/maps/mask-polygons.ts';
import type { PlacedMap } from '../../common/maps/placed-map.ts';
import { pixelsInside } from '../../common/maps/pixels-inside.ts';
import { encodeMask } from '../masks/mask.ts';
import type { EngineRequests } from '../protocol/messages.ts';
import { encodePreview } from '../readers/decode-image.ts';
import { readMap } from '../readers/read-map.ts';
import { contourSvg, PREDICTION_STYLE } from './contour-svg.ts';
import { dimOutside } from './dim-outside.ts';
import { renderHeatmap } from './render-heatmap.ts';

/** Renders an inspection at image size, and applies its threshold. The regions are sorted by peak, highest first. */
export async function renderInspection({
  path,
  crop,
  bitDepth,
  map: mapFile,
  placement,
  range,
  threshold,
  maxPixels,
}: EngineRequests['renderInspection']['request']): Promise<EngineRequests['renderInspection']['response']> {
  const placed: PlacedMap = { ...placement, map: await readMap(mapFile) };
  const heatmap = await renderHeatmap(placed, range).png().toBuffer();
  const image = await encodePreview(path, undefined, { maxPixels, crop, bitDepth });
  const overlay = await sharp(image, { limitInputPixels: false })
    .composite([
      ...dimOutside(placed.region, placed),
      ...contourSvg(contourRings(placed, threshold), placed, PREDICTION_STYLE),
    ])
    .removeAlpha()
    .png()
    .toBuffer();
  return { heatmap, overlay, ...(await predict(placed, threshold)) };
}

async function predict(
  placed: PlacedMap,
  threshold: number,
): Promise<Pick<EngineRequests['renderInspection']['response'], 'mask' | 'regions'>> {
  const { width, height } = placed;
  const { scores, inside } = pixelsInside(placed);
  const values = new Uint8Array(scores.length);
  for (let i = 0; i < scores.length; i++) if (scores[i] >= threshold && inside?.[i] !== 0) values[i] = 1;
  const regions = maskRegions(values, width, height, scores);
  const { png } = await encodeMask({ values, width, height });
  return { mask: png, regions: regions.sort((a, b) => (b.peak?.score ?? 0) - (a.peak?.score ?? 0)) };
}
