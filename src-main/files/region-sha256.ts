import { createHash } from 'node:crypto';
import type { InspectionRegion } from '../common/api/regions.ts';
import { canonicalJson } from '../common/canonical-json.ts';

/** The region, or null if it is the whole image of any size. */
export function normalizeRegion(region: InspectionRegion | null): InspectionRegion | null {
  if (!region) return null;
  const { include, exclude, border } = region;
  return include.length === 0 && exclude.length === 0 && border === 0 ? null : region;
}

/** The SHA-256 of a region's canonical JSON, in hexadecimal; empty for the whole image. */
export function regionSha256(region: InspectionRegion | null): string {
  const drawn = normalizeRegion(region);
  return drawn ? createHash('sha256').update(canonicalJson(drawn)).digest('hex') : '';
}
