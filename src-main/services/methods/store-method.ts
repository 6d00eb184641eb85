import type { StoredMethod } from '../../common/api/runs.ts';
import type { AnyMethod } from '../../common/api/schemas.ts';
import { presets } from '../../methods/presets/presets.ts';
import { canonicalizeMethod } from '../../methods/validate-method.ts';
import type { Store } from '../../store/store.ts';
import { labelOf } from './method-label.ts';
import { listUserPresets } from './user-presets.ts';

/**
 * Returns the stored method of a definition and adds it if it is new.
 *
 * @param label label of a new method; if empty, the preset's name or one composed of the components
 * @throws PerchError `UNKNOWN_NAME`, `INVALID_ARGUMENT`
 */
export async function storeMethod(store: Store, definition: AnyMethod, label = ''): Promise<StoredMethod> {
  const method = canonicalizeMethod(definition);
  return store.methods.upsertDefinition(
    method,
    label.trim() || labelOf(method, [...presets, ...(await listUserPresets())]),
  );
}
