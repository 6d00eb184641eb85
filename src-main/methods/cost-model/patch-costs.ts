import type { SelectionSize } from '../references/selection.ts';
import type { Isa, Shape } from '../types.ts';

/** What a computation needs: memory beside the features, and differences of two values as the unit of work. */
export interface Estimate {
  bytes: number;
  operations: number;
}

/** Operations a second and thread, by code path: about the middle of server processors of 2021 to 2024. */
const RATES: Record<Isa | 'plain', number> = { avx512: 20e9, avx2: 16e9, portable: 9e9, plain: 0.1e9 };

/** Work in operations, of a value: to make the one reference; to compare with a window; to sort it among those of all windows. */
const REFERRING = 2;
const COMPARING = 10;
/** Of a sample: to add what one window costs to what others do. */
const ADDING = 60;
const SORTING_ALL = 350;
/** Windows from which on sorting among all of them takes twice that: they no longer fit into caches. */
const CACHED = 8192;
/** Work of sorting a value among those of its patch, by the square of the sorting network's depth. */
const SORTING = 0.3;
/** Work of finding what is near, beside the comparisons; of describing a patch by one number; of comparing such numbers. */
const NEARING = 40;
const DESCRIBING = 180;
const COMPARING_NUMBERS = 100;
/** Of a pair of positions: to keep the nearest. */
const CHOOSING = 120;

/** Windows whose distances are kept at a time, and bytes that sorted channels may take together. */
const DISTANCE_TILE = 64 * 64;
const SORTED_CHANNELS = 2 ** 28;

/** Time that a computation takes, in seconds; right within a factor of two or three. */
export function secondsFor({ operations }: Estimate, isa: Isa | 'plain', threads: number): number {
  return operations / (RATES[isa] * (isa === 'plain' ? 1 : threads));
}

/**
 * For statistics that compare sorted samples: T*T values a window and channel.
 *
 * @param matching operations beside, for each sample, whatever the number of channels
 */
export function sampleEstimate(
  features: Shape,
  selection: SelectionSize,
  patchSize: number,
  matching = 0,
): Estimate {
  const windows = features.height * features.width;
  const samples = windows * patchSize ** 2;
  const values = features.channels * samples;
  const sorting = values * SORTING * Math.log2(patchSize ** 2) ** 2;
  const sorted = Math.min(features.channels * samples * 6, Math.max(samples * 6, SORTED_CHANNELS));
  const perWindow = sorted + samples * 8;
  switch (selection.kind) {
    case 'positions': {
      const count = Math.min(selection.count, windows);
      const operations = sorting + samples * matching + count * (values * COMPARING + samples * ADDING);
      return { bytes: Math.min(perWindow, 2 ** 27), operations };
    }
    case 'all':
      return { bytes: perWindow + windows * 32, operations: values * SORTING_ALL * (1 + windows / CACHED) };
    case 'nearest': {
      const count = Math.min(selection.count, windows);
      return {
        bytes: perWindow + windows * count * 40 + Math.min(windows, DISTANCE_TILE) ** 2 * 4,
        operations: values * (windows / 2 + count + NEARING),
      };
    }
    default:
      return { bytes: 2 ** 26, operations: values * REFERRING + sorting + samples * matching };
  }
}

/** For statistics that describe a patch by `planes` numbers a channel. */
export function vectorEstimate(
  features: Shape,
  selection: SelectionSize,
  patchSize: number,
  planes: number,
): Estimate {
  const positions = features.height * features.width;
  const values = features.channels * planes * positions;
  const describing = values * (patchSize + DESCRIBING);
  switch (selection.kind) {
    case 'nearest':
      return {
        bytes: values * 4 + positions * 256,
        operations: describing + values * positions + CHOOSING * positions ** 2,
      };
    case 'global':
      return { bytes: positions * 160, operations: describing };
    default:
      return { bytes: positions * 256, operations: describing + values * COMPARING_NUMBERS };
  }
}
