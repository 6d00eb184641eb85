import { fca } from './plain/fca.ts';
import { medianReference } from './plain/median.ts';
import { sww } from './plain/sww.ts';
import { loadNative, type NativeCore } from './native.ts';

/** The heavy computations: by the native add-on, or by the plain TypeScript that defines them. */
export type Core = Omit<NativeCore, 'isas'>;

/** The naive references, which also run where the add-on was not built. */
export const plainCore: Core = { medianReference, fca, sww };

/** The best core that this installation has. */
export const core: Core = loadNative() ?? plainCore;
