import type { AnyMethod, PatchCoreMethod, Method } from '../../common/api/schemas.ts';
import { baselineNamed } from '../baselines/registry.ts';
import { type Estimate, secondsFor } from './patch-costs.ts';
import type { Extractor } from '../extractors/extractor.ts';
import {
  BANK_LIMITS,
  bankSize,
  type BankSize,
  choosingEstimate,
  comparingEstimate,
} from './patchcore-costs.ts';
import { extractorNamed, referenceFor, statisticNamed } from '../registry.ts';
import { parametersFor } from '../statistics/statistic.ts';
import type { Isa, Shape } from '../types.ts';

/** What the computations run on. */
export interface Machine {
  /** The best code path of the native core; `plain` where it was not built. */
  isa: Isa | 'plain';
  threads: number;
}

export interface Size {
  height: number;
  width: number;
}

/** What an image needs by the formulas of cost: seconds by part, and working memory at its peak. */
export interface Reckoning {
  /** Reading and decoding the file. */
  decode: number;
  /** Its features; 0 where the method needs none. */
  extract: number;
  /** Everything after: reference and statistic, the whole of a baseline, the comparison with a bank. */
  compare: number;
  bytes: number;
}

/** Operations a second and thread of ONNX Runtime, whatever the native core is. */
const GRAPHS: Isa = 'avx2';
const DECODING_PER_PIXEL = 60e-9;
/** Of the engine at rest, and of an image: its own planes and those that are decoded ahead. */
const ENGINE_BYTES = 160e6;
const IMAGE_BYTES_PER_PIXEL = 2 * 12;
const FLOAT = 4;
/**
 * Reckons what one image by a method needs.
 *
 * @param normal sizes of the normal images that a memory bank is of, for a method with one
 * @throws PerchError where the method cannot be used: `UNKNOWN_NAME`, `INVALID_ARGUMENT`, `MODEL_MISSING`, `MODEL_UNUSABLE`
 */
export function reckonerOf(
  method: AnyMethod,
  machine: Machine,
  normal: readonly Size[] = [],
): (file: Size) => Reckoning {
  const comparison = comparisonOf(method, machine, normal);
  return (file) => {
    const { extract, compare, bytes } = comparison(inspectedSize(method, file));
    const pixels = file.height * file.width;
    return {
      decode: pixels * DECODING_PER_PIXEL,
      extract,
      compare,
      bytes: ENGINE_BYTES + pixels * IMAGE_BYTES_PER_PIXEL + bytes,
    };
  };
}

/** Seconds that building the memory bank of normal images takes, once. */
export function bankSeconds(method: PatchCoreMethod, machine: Machine, normal: readonly Size[]): number {
  const reckon = reckonerOf(method, machine, normal);
  const extracting = normal.map(reckon).reduce((sum, { decode, extract }) => sum + decode + extract, 0);
  const choosing = choosingEstimate(extractorNamed(method.extractor).channels, bankOf(method, normal));
  return extracting + secondsFor(choosing, GRAPHS, 1);
}

function bankOf(method: PatchCoreMethod, normal: readonly Size[]): BankSize {
  const extractor = extractorNamed(method.extractor);
  const positions = normal.reduce((sum, file) => {
    const { height, width } = featuresOf(extractor, inspectedSize(method, file));
    return sum + height * width;
  }, 0);
  return bankSize(method.coresetRatio, positions, BANK_LIMITS);
}

const inspectedSize = ({ resize }: AnyMethod, file: Size): Size =>
  resize === undefined ? file : { height: resize, width: resize };

/** The size of the features that an extractor makes of an image. */
function featuresOf({ channels, stride }: Extractor, { height, width }: Size): Shape {
  return { channels, height: Math.ceil(height / stride), width: Math.ceil(width / stride) };
}

function comparisonOf(
  method: AnyMethod,
  { isa, threads }: Machine,
  normal: readonly Size[],
): (size: Size) => Omit<Reckoning, 'decode'> {
  if ('baseline' in method) {
    const baseline = baselineNamed(method.baseline);
    return (size) => {
      const { bytes, seconds } = baseline.estimate(size);
      return { extract: 0, compare: seconds, bytes };
    };
  }
  const extractor = extractorNamed(method.extractor);
  const comparing = estimateOf(method, normal);
  const path = 'coresetRatio' in method ? GRAPHS : isa;
  return (size) => {
    const pixels = size.height * size.width;
    const extracting = {
      bytes: pixels * extractor.bytesPerPixel,
      operations: pixels * extractor.operationsPerPixel(size),
    };
    const features = featuresOf(extractor, size);
    const needed = comparing(features);
    const held = FLOAT * features.channels * features.height * features.width;
    return {
      extract: secondsFor(extracting, GRAPHS, threads),
      compare: secondsFor(needed, path, threads),
      bytes: Math.max(extracting.bytes, held + needed.bytes),
    };
  };
}

function estimateOf(
  method: Method | PatchCoreMethod,
  normal: readonly Size[],
): (features: Shape) => Estimate {
  if ('coresetRatio' in method) {
    const bank = bankOf(method, normal);
    return (features) => comparingEstimate(features, bank);
  }
  const statistic = statisticNamed(method.statistic);
  const { size } = referenceFor(statistic, method.reference);
  const parameters = parametersFor(statistic, { ...method.parameters, patchSize: method.patchSize });
  return (features) => statistic.estimate(features, size, parameters);
}
