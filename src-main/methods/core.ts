import { PlainSweep } from '../metrics/corners.ts';
import { loadNative, type NativeCore } from './native.ts';
import { fca, fcaAgainst } from './plain/fca.ts';
import { histogram } from './plain/histogram.ts';
import { meanReference } from './plain/mean.ts';
import { medianReference } from './plain/median.ts';
import { meanDistances, moments } from './plain/moments.ts';
import { sww, swwAgainst } from './plain/sww.ts';

/** The heavy computations: by the native add-on, or by the plain TypeScript that defines them. */
export type Core = Omit<NativeCore, 'isas'>;

/** The naive references, which also run where the add-on was not built. */
export const plainCore: Core = {
  medianReference,
  meanReference,
  fca,
  fcaAgainst,
  sww,
  swwAgainst,
  moments,
  histogram,
  meanDistances,
  scoredPixels: () => new PlainSweep(),
};

/** The best core that this installation has. */
export const core: Core = loadNative() ?? plainCore;
