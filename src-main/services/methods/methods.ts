import { PerchError } from '../../common/api/errors.ts';
import type { Preset } from '../../common/api/runs.ts';
import { validateMethod, canonicalizeMethod } from '../../methods/validate-method.ts';
import { presets } from '../../methods/presets/presets.ts';
import type { Store } from '../../store/store.ts';
import { methodOptions } from './method-options.ts';
import { listNetworkPresets, listUserPresets, removeUserPreset, saveUserPreset } from './user-presets.ts';
import type { Services } from '../types.ts';
import { storeMethod } from './store-method.ts';

/** Methods by name, and the methods in the store. */
export function openMethods(store: Store): Services['methods'] {
  return {
    options: methodOptions,
    async presets() {
      const own = await listUserPresets();
      return {
        presets: [
          ...presets.map(({ method, ...named }) =>
            described({ ...named, definition: method, custom: false }),
          ),
          ...listNetworkPresets().map(({ method, ...named }) =>
            described({ ...named, definition: method, custom: false }),
          ),
          ...own.map(({ method, ...named }) => described({ ...named, definition: method, custom: true })),
        ],
      };
    },
    async savePreset({ name, title, definition }) {
      if (presets.some((preset) => preset.name === name)) {
        throw new PerchError('CONFLICT', `"${name}" is a built-in preset. Choose another name.`);
      }
      const method = canonicalizeMethod(definition);
      const former = (await listUserPresets()).find((preset) => preset.name === name);
      await saveUserPreset({ name, title, method });
      store.audit.add({ type: 'preset', id: name, name }, former ? 'changed' : 'added', {
        before: former?.method,
        after: method,
      });
      return described({ name, title, definition: method, custom: true });
    },
    async removePreset({ name }) {
      const former = (await listUserPresets()).find((preset) => preset.name === name);
      await removeUserPreset(name);
      store.audit.add({ type: 'preset', id: name, name }, 'removed', { before: former?.method });
    },
    store: ({ definition, label }) => storeMethod(store, definition, label),
    stored: async () => ({ methods: store.methods.list() }),
    async used({ dataset }) {
      store.datasets.get(dataset);
      return { methods: store.methods.listUsed(dataset) };
    },
  };
}

/** A preset, and the reason if it cannot be used now. */
function described(preset: Omit<Preset, 'missing'>): Preset {
  try {
    validateMethod(preset.definition);
    return preset;
  } catch (thrown) {
    if (!(thrown instanceof PerchError)) throw thrown;
    return { ...preset, missing: thrown.message };
  }
}
