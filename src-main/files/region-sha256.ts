import { createHash } from 'node:crypto';
import type { InspectionRegion } from '../common/api/regions.ts';
import { canonicalJson } from '../common/canonical-json.ts';
import { isWholeImage } from '../common/maps/inspection-region.ts';

/** The SHA-256 of a region's canonical JSON, in hexadecimal; empty for the whole image. */
export function regionSha256(region: InspectionRegion | null): string {
  if (!region || isWholeImage(region)) return '';
  return createHash('sha256').update(canonicalJson(region)).digest('hex');
}
