import { contourRings } from '../../common/maps/contour.ts';
import { type MaskRegion, maskRegions } from '../../common/maps/mask-polygons.ts';
import type { PlacedMap } from '../../common/maps/placed-map.ts';
import { splitBySize } from '../../common/maps/split-by-size.ts';
import { pixelsInside } from '../../common/maps/pixels-inside.ts';
import { encodeMask } from '../masks/encode-mask.ts';
import type { EngineRequests } from '../protocol/messages.ts';
import { isFrameFolder } from '../readers/pixel-files/image-size.ts';
import { readMap } from '../readers/read-map.ts';
import type { HandlerContext } from '../runtime/handler-context.ts';
import { contourSvg, IGNORED_STYLE, PREDICTION_STYLE } from './contour-svg.ts';
import { dimOutside } from './dim-outside.ts';
import { overlayOn } from './overlay.ts';
import { picturePixels } from './picture-pixels.ts';
import { MAX_PICTURE_PIXELS, renderLarge } from './render-large.ts';
import { renderHeatmap } from './render-heatmap.ts';

/**
 * Renders an inspection at image size, or reduced if the image is large, and applies its threshold. The regions that count come first, each group by peak, highest first.
 */
export async function renderInspection(
  request: EngineRequests['renderInspection']['request'],
  { imageCache }: Pick<HandlerContext, 'imageCache'>,
): Promise<EngineRequests['renderInspection']['response']> {
  const { path, map: mapFile, placement, range, threshold, limits } = request;
  const { width, height } = placement;
  if (width * height > MAX_PICTURE_PIXELS || (await isFrameFolder(path)))
    return renderLarge(request, imageCache);
  const placed: PlacedMap = { ...placement, map: await readMap(mapFile) };
  const { large, small } = limits ? splitBySize(placed, threshold, limits) : { large: placed };
  const counted = predict(large, threshold);
  const ignored = small ? predict(small, threshold).regions : [];
  const contours = [
    ...(small ? contourSvg(contourRings(small, threshold), placed, IGNORED_STYLE) : []),
    ...contourSvg(contourRings(large, threshold), placed, PREDICTION_STYLE),
  ];
  const [heatmap, overlay, { png }] = await Promise.all([
    renderHeatmap(placed, range).png().toBuffer(),
    overlayOn(await picturePixels(request, placed, imageCache), [
      ...dimOutside(placed.region, placed),
      ...contours,
    ]),
    encodeMask({ values: counted.values, width, height }),
  ]);
  const regions = [
    ...counted.regions.map((region) => ({ ...region, counts: true })),
    ...ignored.map((region) => ({ ...region, counts: false })),
  ];
  return { heatmap, overlay, mask: png, regions };
}

/** The pixels at or above the threshold, H x W, and their regions, highest peak first. */
function predict(placed: PlacedMap, threshold: number): { values: Uint8Array; regions: MaskRegion[] } {
  const { width, height } = placed;
  const { scores, inside } = pixelsInside(placed);
  const values = new Uint8Array(scores.length);
  for (let i = 0; i < scores.length; i++) if (scores[i] >= threshold && inside?.[i] !== 0) values[i] = 1;
  const regions = maskRegions(values, width, height, scores);
  return { values, regions: regions.sort((a, b) => (b.peak?.score ?? 0) - (a.peak?.score ?? 0)) };
}
