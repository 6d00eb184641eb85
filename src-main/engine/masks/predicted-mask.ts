import { maskRegions } from '../../common/maps/mask-polygons.ts';
import { resizeToImage } from '../../common/maps/resize.ts';
import { encodeMask } from './mask.ts';
import type { EngineRequests } from '../protocol/messages.ts';

/** What reaches a threshold at image size: as a mask, and as regions with their peaks, the highest first. */
export async function predictMask({
  placed,
  threshold,
}: EngineRequests['predictMask']['request']): Promise<EngineRequests['predictMask']['response']> {
  const { values: scores, width, height } = resizeToImage(placed);
  const values = new Uint8Array(scores.length);
  for (let i = 0; i < scores.length; i++) if (scores[i] >= threshold) values[i] = 1;
  const regions = maskRegions(values, width, height, scores);
  const { png } = await encodeMask({ values, width, height });
  return { png, regions: regions.sort((a, b) => (b.peak?.score ?? 0) - (a.peak?.score ?? 0)) };
}
