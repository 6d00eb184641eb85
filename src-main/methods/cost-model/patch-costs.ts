import type { SelectionSize } from '../references/selection.ts';
import type { Shape } from '../types.ts';
import type { ComputeCost } from './compute-cost.ts';

// Operations per value of a patch (C T^2 values at each position), unless a name says otherwise. `compute-cost.ts` defines the
// unit and how the constants were fitted.

/** To compare a sorted value with a single sorted reference. */
const OPS_PER_REFERENCE_VALUE = 2;
/** To compare a sorted value with a sorted patch of the image. */
const OPS_PER_COMPARED_VALUE = 10;
/** To add the error of a sample against one patch to its errors against the others; per sample, regardless of the number of channels. */
const OPS_PER_ADDED_SAMPLE = 60;
/** To sort a value among the values of all patches. */
const OPS_PER_GLOBALLY_SORTED_VALUE = 350;
/**
 * Number of patches at which sorting among all of them costs twice `OPS_PER_GLOBALLY_SORTED_VALUE`, because
 * caches overflow.
 */
const CACHED_PATCHES = 8192;
/** To sort a value among the T^2 values of its patch, per squared depth (log2 T^2) of the sorting network. */
const OPS_PER_SORTED_VALUE = 0.3;
/** To select the nearest patches, in addition to the comparisons. */
const OPS_PER_SELECTED_VALUE = 40;

/** To match a level of a channel at a position and add it up, in addition to T for its weights. */
const OPS_PER_LEVEL = 20;
/** Working memory of QFCA, per thread and for each channel's levels. */
const LEVEL_BYTES = 2 ** 22;
const BYTES_PER_QUANTIZED_CHANNEL = 2 ** 13;

// Operations per number of a descriptor.

/** To compute a number of a descriptor, in addition to T for the separable blur. */
const OPS_PER_DESCRIPTOR_VALUE = 180;
/** To compare a number of two descriptors. */
const OPS_PER_COMPARED_DESCRIPTOR_VALUE = 100;
/** To consider a pair of positions for the nearest descriptors; per pair, regardless of the number of channels. */
const OPS_PER_DESCRIPTOR_PAIR = 120;

// Memory of the native module, in bytes.

const BYTES_PER_FLOAT = 4;
/** A sorted value with its position in the patch. */
const BYTES_PER_SORTED_VALUE = 6;
/** The matching error of a sample. */
const BYTES_PER_SAMPLE = 8;
/** Number of sorted channels that the native module holds at the same time. */
const MAX_SORTED_BYTES = 2 ** 28;
/** Working memory for comparing with sampled patches, which are processed in tiles. */
const MAX_TILED_BYTES = 2 ** 27;
/** Working memory for comparing with a single reference. */
const SINGLE_REFERENCE_BYTES = 2 ** 26;
/** Additional memory per patch for sorting all patches. */
const BYTES_PER_RANKED_PATCH = 32;
/** Distance, index and slack of the candidate list, per patch and neighbor. */
const BYTES_PER_CANDIDATE = 40;
/** Number of patches per axis whose distances to each other are held at the same time. */
const DISTANCE_TILE = 64 * 64;
/** Accumulators of the descriptor comparison, per position. */
const BYTES_PER_GLOBAL_POSITION = 160;
const BYTES_PER_POSITION = 256;

/**
 * Cost of a statistic that compares sorted samples: T^2 values per patch and channel.
 *
 * @param opsPerSample additional operations for each sample, whatever the number of channels
 */
export function sortedSampleCost(
  features: Shape,
  selection: SelectionSize,
  patchSize: number,
  opsPerSample = 0,
): ComputeCost {
  const patches = features.height * features.width;
  const samples = patches * patchSize ** 2;
  const values = features.channels * samples;
  const sorting = values * OPS_PER_SORTED_VALUE * Math.log2(patchSize ** 2) ** 2;
  const sortedBytes = Math.min(
    values * BYTES_PER_SORTED_VALUE,
    Math.max(samples * BYTES_PER_SORTED_VALUE, MAX_SORTED_BYTES),
  );
  const patchBytes = sortedBytes + samples * BYTES_PER_SAMPLE;
  switch (selection.kind) {
    case 'indices': {
      const count = Math.min(selection.count, patches);
      const comparing = values * OPS_PER_COMPARED_VALUE + samples * OPS_PER_ADDED_SAMPLE;
      return {
        bytes: Math.min(patchBytes, MAX_TILED_BYTES),
        operations: sorting + samples * opsPerSample + count * comparing,
      };
    }
    case 'all':
      return {
        bytes: patchBytes + patches * BYTES_PER_RANKED_PATCH,
        operations: values * OPS_PER_GLOBALLY_SORTED_VALUE * (1 + patches / CACHED_PATCHES),
      };
    case 'nearest': {
      const k = Math.min(selection.count, patches);
      const tile = Math.min(patches, DISTANCE_TILE);
      return {
        bytes: patchBytes + patches * k * BYTES_PER_CANDIDATE + tile ** 2 * BYTES_PER_FLOAT,
        // Each pair of patches is compared once.
        operations: values * (patches / 2 + k + OPS_PER_SELECTED_VALUE),
      };
    }
    default:
      return {
        bytes: SINGLE_REFERENCE_BYTES,
        operations: values * OPS_PER_REFERENCE_VALUE + sorting + samples * opsPerSample,
      };
  }
}

/** Cost of a statistic that compares levels: `levels` numbers per position and channel. */
export function levelCost(
  { channels, height, width }: Shape,
  patchSize: number,
  levels: number,
): ComputeCost {
  const values = channels * levels * height * width;
  return {
    bytes: LEVEL_BYTES + channels * BYTES_PER_QUANTIZED_CHANNEL,
    operations: values * (OPS_PER_LEVEL + patchSize),
  };
}

/** Cost of a statistic that describes a patch by `numbersPerChannel` numbers per channel. */
export function descriptorCost(
  features: Shape,
  selection: SelectionSize,
  patchSize: number,
  numbersPerChannel: number,
): ComputeCost {
  const positions = features.height * features.width;
  const values = features.channels * numbersPerChannel * positions;
  const describing = values * (patchSize + OPS_PER_DESCRIPTOR_VALUE);
  switch (selection.kind) {
    case 'nearest':
      return {
        bytes: values * BYTES_PER_FLOAT + positions * BYTES_PER_POSITION,
        operations: describing + values * positions + OPS_PER_DESCRIPTOR_PAIR * positions ** 2,
      };
    case 'global':
      return { bytes: positions * BYTES_PER_GLOBAL_POSITION, operations: describing };
    default:
      return {
        bytes: positions * BYTES_PER_POSITION,
        operations: describing + values * OPS_PER_COMPARED_DESCRIPTOR_VALUE,
      };
  }
}
