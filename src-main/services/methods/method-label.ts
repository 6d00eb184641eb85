import type { AnyMethod } from '../../common/api/schemas.ts';
import { canonical } from '../../store/methods.ts';
import { methodInWords } from './format-method.ts';
import type { Preset } from '../../methods/presets/preset.ts';

/** A short name for a method: that of the preset that it is, or its parts. */
export function labelOf(method: AnyMethod, presets: readonly Preset[]): string {
  const key = canonical(method);
  return presets.find((preset) => canonical(preset.method) === key)?.name ?? methodInWords(method);
}
