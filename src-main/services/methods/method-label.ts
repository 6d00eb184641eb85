import type { AnyMethod } from '../../common/api/schemas.ts';
import { canonicalJson } from '../../common/canonical-json.ts';
import { formatMethod } from './format-method.ts';
import type { Preset } from '../../methods/presets/preset.ts';

/** A short name for a method: its preset's name, or its components. */
export function labelOf(method: AnyMethod, presets: readonly Preset[]): string {
  const key = canonicalJson(method);
  return presets.find((preset) => canonicalJson(preset.method) === key)?.name ?? formatMethod(method);
}
