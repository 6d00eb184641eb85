import type { AnyMethod } from '../common/api/schemas.ts';
import { networkNamed } from './extractors/added-backbones.ts';
import { extractorNamed } from './registry.ts';

/**
 * The SHA-256 of the imported model that a method uses; null if it uses none.
 *
 * @throws PerchError `UNKNOWN_NAME`, `MODEL_MISSING`, `MODEL_UNUSABLE`, `INVALID_ARGUMENT`
 */
export function modelSha256Of(method: AnyMethod): string | null {
  if ('network' in method) return networkNamed(method.network).record.sha256;
  return 'extractor' in method ? (extractorNamed(method.extractor).modelSha256 ?? null) : null;
}
