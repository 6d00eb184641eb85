import type { AnyMethod, BaselineMethod, NetworkMethod, PatchCoreMethod } from '../../common/api/schemas.ts';
import { otherImages } from '../../common/api/other-images.ts';
import type { Size } from '../../common/geometry.ts';
import { baselineNamed } from '../baselines/registry.ts';
import { networkNamed } from '../extractors/added-backbones.ts';
import type { Extractor } from '../extractors/extractor.ts';
import { type Network, networkPixels } from '../networks/network-record.ts';
import { MEMORY_LIMITS } from '../set-statistics/memory-limits.ts';
import { comparisonParameters } from '../set-statistics/registry.ts';
import { CORESET_LIMITS, type CoresetSize, coresetSize } from '../patchcore/coreset-size.ts';
import { resolvePatchSize } from '../patch-window.ts';
import { extractorNamed, referenceFor, statisticNamed } from '../registry.ts';
import { parametersFor } from '../statistics/statistic.ts';
import type { Isa, Shape } from '../types.ts';
import { type CodePath, type ComputeCost, secondsFor } from './compute-cost.ts';
import { buildSubspaceCost, nearestCost, subspaceCost } from './memory-costs.ts';
import { coresetCost, nnSearchCost } from './patchcore-costs.ts';
import { setCost } from './set-costs.ts';

/** The hardware that the cost model assumes. */
export interface HardwareProfile {
  /** The best code path of the backend. */
  isa: CodePath;
  threads: number;
  /** Whether statistics run on a CUDA device if they have kernels. */
  cuda?: boolean;
}

/** Modeled cost of one image: seconds per part, and peak working memory. */
export interface CostEstimate {
  /** Time to read and decode the file. */
  decode: number;
  /** Time to extract its features; 0 if the method uses none. */
  extract: number;
  /** Time for everything else: reference and statistic, a whole baseline, or the search in a memory bank. */
  compare: number;
  bytes: number;
}

/** ONNX Runtime has its own kernels, which are about as fast per thread as this code path. */
const ONNX_PATH: Isa = 'avx2';
const NS_PER_DECODED_PIXEL = 60;
/** Memory of an idle engine process. */
const ENGINE_BYTES = 160e6;
/** An image as three float32 planes, and the next image, which is decoded ahead. */
const IMAGE_BYTES_PER_PIXEL = 2 * 12;
const BYTES_PER_FLOAT = 4;
/** The file of an imported model and the session that is created from it. */
const MODEL_COPIES = 2;

/**
 * Creates a method's cost model: a function from an image file's size to the cost of its inspection.
 *
 * @param normalImages sizes of the images that the method compares with: normal images, or the set
 * @throws PerchError `UNKNOWN_NAME`, `INVALID_ARGUMENT`, `MODEL_MISSING` or `MODEL_UNUSABLE` if the method
 * cannot be used
 */
export function createCostModel(
  method: AnyMethod,
  hardware: HardwareProfile,
  normalImages: readonly Size[] = [],
): (file: Size) => CostEstimate {
  const inspection = inspectionCost(method, hardware, normalImages);
  return (file) => {
    const { extract, compare, bytes } = inspection(inspectedSize(method, file));
    const pixels = file.height * file.width;
    return {
      decode: pixels * NS_PER_DECODED_PIXEL * 1e-9,
      extract,
      compare,
      bytes: ENGINE_BYTES + pixels * IMAGE_BYTES_PER_PIXEL + bytes,
    };
  };
}

/** Modeled seconds to compute references and memories from normal images, once per run. */
export function normalImagesSeconds(
  method: AnyMethod,
  hardware: HardwareProfile,
  normalImages: readonly Size[],
): number {
  if (!('extractor' in method) || otherImages(method) !== 'normal') return 0;
  const estimates = normalImages.map(createCostModel(method, hardware, normalImages));
  const extracting = estimates.reduce(
    (sum, { decode, extract }) => sum + decode + rotationsOf(method) * extract,
    0,
  );
  return extracting + secondsFor(preparationCost(method, normalImages), ONNX_PATH, 1);
}

/** The cost after the extraction. Sorting tiles costs little against it. */
function preparationCost(
  method: Exclude<AnyMethod, BaselineMethod | NetworkMethod>,
  normalImages: readonly Size[],
): ComputeCost {
  const { channels } = extractorNamed(method.extractor);
  if ('coresetRatio' in method) return coresetCost(channels, memoryBankSize(method, normalImages));
  if ('memory' in method && method.memory === 'subspace')
    return buildSubspaceCost(channels, positionsIn(method, normalImages));
  return { bytes: 0, operations: 0 };
}

function memoryBankSize(method: PatchCoreMethod, normalImages: readonly Size[]): CoresetSize {
  return coresetSize(method.coresetRatio, positionsIn(method, normalImages), CORESET_LIMITS);
}

/** Number of feature positions of images. */
function positionsIn(method: AnyMethod & { extractor: string }, images: readonly Size[]): number {
  const extractor = extractorNamed(method.extractor);
  return images.reduce((sum, file) => {
    const { height, width } = featureShape(extractor, inspectedSize(method, file));
    return sum + height * width;
  }, 0);
}

const rotationsOf = (method: AnyMethod): number =>
  'memory' in method && method.memory === 'nearest'
    ? comparisonParameters('nearest', method.parameters).rotations
    : 1;

const inspectedSize = ({ resize }: AnyMethod, file: Size): Size =>
  resize === undefined ? file : { height: resize, width: resize };

function featureShape({ channels, stride }: Extractor, { height, width }: Size): Shape {
  return { channels, height: Math.ceil(height / stride), width: Math.ceil(width / stride) };
}

/** Whether the statistic of a method runs on a CUDA device: the one that `CudaBackend` computes there. */
export function runsOnCuda(method: AnyMethod, { cuda = false }: HardwareProfile): boolean {
  if (!cuda || !('statistic' in method) || !['fca', 'sww'].includes(method.statistic)) return false;
  const { kind } = referenceFor(statisticNamed(method.statistic), method.reference).size;
  return kind === 'sorted' || kind === 'nearest';
}

function inspectionCost(
  method: AnyMethod,
  hardware: HardwareProfile,
  normalImages: readonly Size[],
): (size: Size) => Omit<CostEstimate, 'decode'> {
  if ('baseline' in method) {
    const baseline = baselineNamed(method.baseline);
    return (size) => {
      const { bytes, seconds } = baseline.cost(size);
      return { extract: 0, compare: seconds, bytes };
    };
  }
  if ('network' in method) return networkCost(networkNamed(method.network));
  const extractor = extractorNamed(method.extractor);
  const comparison = comparisonCost(method, normalImages);
  const { isa, threads } = hardware;
  const onCpu = 'coresetRatio' in method ? ONNX_PATH : isa;
  const path = runsOnCuda(method, hardware) ? 'cuda' : onCpu;
  return (size) => {
    const pixels = size.height * size.width;
    const extraction = {
      bytes: pixels * extractor.bytesPerPixel + MODEL_COPIES * (extractor.modelBytes ?? 0),
      operations: pixels * extractor.operationsPerPixel(size),
    };
    const features = featureShape(extractor, size);
    const featureBytes = BYTES_PER_FLOAT * features.channels * features.height * features.width;
    const compared = comparison(features, size);
    return {
      extract: secondsFor(extraction, ONNX_PATH, threads),
      compare: secondsFor(compared, path, threads),
      bytes: Math.max(extraction.bytes, featureBytes + compared.bytes),
    };
  };
}

/** The cost of a network: its time was measured when it was imported. */
function networkCost({ record }: Network): (size: Size) => Omit<CostEstimate, 'decode'> {
  return (image) => {
    const pixels = networkPixels(record, image);
    return { extract: 0, compare: pixels * record.secondsPerPixel, bytes: pixels * record.bytesPerPixel };
  };
}

function comparisonCost(
  method: Exclude<AnyMethod, BaselineMethod | NetworkMethod>,
  normalImages: readonly Size[],
): (features: Shape, image: Size) => ComputeCost {
  if ('coresetRatio' in method) {
    const bank = memoryBankSize(method, normalImages);
    return (features) => nnSearchCost(features, bank);
  }
  if ('memory' in method) {
    if (method.memory === 'subspace') return subspaceCost;
    const rows = positionsIn(method, normalImages) * rotationsOf(method);
    return (features) =>
      nearestCost(features, Math.min(rows, MEMORY_LIMITS.rows, MEMORY_LIMITS.values / features.channels));
  }
  if ('set' in method) return setCost(method, normalImages.length);
  if (!('statistic' in method)) return () => ({ bytes: 0, operations: 0 });
  const statistic = statisticNamed(method.statistic);
  const { size } = referenceFor(statistic, method.reference);
  return (features, image) => {
    const { patchSize, parameters } = resolvePatchSize(method, image).method;
    return statistic.cost(features, size, parametersFor(statistic, { ...parameters, patchSize }));
  };
}
