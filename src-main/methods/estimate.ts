import type { Selection } from './references/selection.ts';
import type { Isa, Shape } from './types.ts';

/** What a computation needs: memory beside the features, and differences of two values as the unit of work. */
export interface Estimate {
  bytes: number;
  operations: number;
}

/** Operations a second and thread, by code path: measured on server processors of 2024; others are up to twice as slow. */
const RATES: Record<Isa | 'plain', number> = { avx512: 20e9, avx2: 16e9, portable: 9e9, plain: 0.1e9 };

/** Work of sorting one value among many, and of preparing one for any statistic, in operations. */
const SORTING = 100;
const PREPARING = 20;

/** Windows whose distances are kept at a time, and bytes that sorted channels may take together. */
const DISTANCE_TILE = 64 * 64;
const SORTED_CHANNELS = 2 ** 28;

/** Time that a computation takes, in seconds; right within a factor of two. */
export function secondsFor({ operations }: Estimate, isa: Isa | 'plain', threads: number): number {
  return operations / (RATES[isa] * threads);
}

/** For statistics that compare sorted samples: T*T values a window and channel. */
export function sampleEstimate(features: Shape, selection: Selection, patch: number): Estimate {
  const windows = features.height * features.width;
  const samples = windows * patch ** 2;
  const values = features.channels * samples;
  const sorted = Math.min(features.channels * samples * 6, Math.max(samples * 6, SORTED_CHANNELS));
  const perWindow = sorted + samples * 8;
  switch (selection.kind) {
    case 'positions': {
      const count = selection.positions.length;
      return { bytes: Math.min(perWindow, 2 ** 27), operations: values * (count + PREPARING) };
    }
    case 'all':
      return { bytes: perWindow + windows * 32, operations: values * SORTING };
    case 'nearest': {
      const count = Math.min(selection.count, windows);
      return {
        bytes: perWindow + windows * count * 40 + Math.min(windows, DISTANCE_TILE) ** 2 * 4,
        operations: values * (windows / 2 + count + 2 * PREPARING),
      };
    }
    default:
      return { bytes: 2 ** 26, operations: values };
  }
}

/** For statistics that describe a patch by `planes` numbers a channel. */
export function vectorEstimate(
  features: Shape,
  selection: Selection,
  patch: number,
  planes: number,
): Estimate {
  const positions = features.height * features.width;
  const values = features.channels * planes * positions;
  const preparing = values * (patch + PREPARING);
  switch (selection.kind) {
    case 'nearest':
      return { bytes: values * 4 + positions * 256, operations: preparing + values * positions };
    case 'global':
      return { bytes: positions * 160, operations: preparing };
    default:
      return { bytes: positions * 256, operations: preparing + values * SORTING };
  }
}
