/** Measures one item in its own process, so that its peak memory can be measured. */
import os from 'node:os';
import { SessionPool } from '../../../engine/inference/onnx-sessions.ts';
import type { ComputeBackend } from '../../../methods/backend/compute-backend.ts';
import { backendWith, defaultBackend } from '../../../methods/backend/default-backend.ts';
import { openCudaDevice } from '../../../methods/backend/cuda-device.ts';
import { fallbackBackend } from '../../../methods/backend/fallback-backend.ts';
import { gabor } from '../../../methods/extractors/gabor.ts';
import { loadNativeBackend } from '../../../methods/backend/native-backend.ts';
import { mutualScores } from '../../../methods/set-statistics/mutual.ts';
import type { Execution, FeatureMap, Isa } from '../../../methods/types.ts';
import { MetricAccumulator } from '../../../metrics/metric-accumulator.ts';
import { networkLikeFeatures, noisyMap } from './inputs.ts';
import { type Measurement, measureMemory, NETWORK_ALONE } from './measure.ts';
import { measurePictures } from './pictures.ts';

const threads = os.availableParallelism();
const PATCH = 9;
const CHANNELS = 512;
/** Features and patches of `largePatches`. */
const LARGE = { channels: 128, side: 256, patchSize: 25 };
const MUTUAL = { sides: [1, 3, 5], layers: 1, fraction: 0.3 };
/** The fallback is measured on this many channels and scaled: its cost is linear in them. */
const FALLBACK_CHANNELS = 2;

const items: Record<string, () => Promise<Measurement>> = {
  avx512: () => statistic('avx512'),
  avx2: () => statistic('avx2'),
  neon: () => statistic('neon'),
  portable: () => statistic('portable'),
  wasm: () => statistic('wasm'),
  cuda: () => cudaStatistic(Number(process.argv[3] ?? CHANNELS)),
  fallback: fallbackStatistic,
  'large-fca': () => largePatches('fca'),
  'large-qfca': () => largePatches('qfca'),
  'native-mutual': () => mutualSet('native', requireNative()),
  'wasm-mutual': () => mutualSet('wasm', backendWith('wasm')),
  gabor: gaborExtractor,
  'native-scores': () => imageScores('native', requireNative(), 101),
  'wasm-scores': () => imageScores('wasm', backendWith('wasm'), 101),
  'fallback-scores': () => imageScores('fallback', fallbackBackend, 9),
  metrics: metricsOfClass,
  pictures: measurePictures,
  network: () => networkAlone(process.argv[3]),
};

process.send?.(await items[process.argv[2]]());
process.disconnect();

function statistic(isa: Isa): Promise<Measurement> {
  const backend = backendWith(isa);
  const features = networkLikeFeatures(CHANNELS, 128, 128);
  return measureMemory(`statistic, ${isa}`, () => fcaOf(backend, features, { threads, isa }), {
    warmup: 2,
    runs: 9,
  });
}

/** With the transfer of the features to the device, as in an inspection. */
function cudaStatistic(channels: number): Promise<Measurement> {
  const device = openCudaDevice();
  const features = networkLikeFeatures(channels, 128, 128);
  const compute = async () => {
    const image = device.createImage();
    await fcaOf(image, features, { threads });
    image.close();
  };
  const runs = channels < CHANNELS ? { warmup: 0, runs: 1 } : { warmup: 2, runs: 9 };
  return measureMemory(`statistic, cuda (${device.name})`, compute, runs);
}

/** The setting of the paper's Table 1. */
async function largePatches(statistic: 'fca' | 'qfca'): Promise<Measurement> {
  const features = networkLikeFeatures(LARGE.channels, LARGE.side, LARGE.side);
  const parameters = { patchSize: LARGE.patchSize, sigmaP: 6, sigmaS: 2, levels: 96 };
  const execution = { threads };
  const reference = await defaultBackend.medianReference(features, LARGE.patchSize, execution);
  const map = () => defaultBackend[statistic](features, reference, parameters, execution);
  return measureMemory(`large patches, ${statistic}`, map, { warmup: 1, runs: 3 });
}

/** A small set of DINOv2 ViT-S tokens at 518 x 518 pixels. The time grows with the number of pairs. */
function mutualSet(name: string, backend: ComputeBackend): Promise<Measurement> {
  const [images, side] = [10, 37];
  const set = Array.from({ length: images }, (_, at) => networkLikeFeatures(384, side, side, at + 1));
  const which = [...set.keys()];
  const score = () => mutualScores(set, MUTUAL, which, backend, { threads });
  return measureMemory(`mutual, ${name}`, score, { warmup: 1, runs: 3 });
}

function requireNative(): ComputeBackend {
  const backend = loadNativeBackend();
  if (!backend) throw new Error('the native module was not built');
  return backend;
}

async function fallbackStatistic(): Promise<Measurement> {
  const features = networkLikeFeatures(FALLBACK_CHANNELS, 128, 128);
  const measured = await measureMemory('', () => fcaOf(fallbackBackend, features, { threads: 1 }), {
    warmup: 0,
    runs: 1,
  });
  const factor = CHANNELS / FALLBACK_CHANNELS;
  const name = `statistic, fallback (${FALLBACK_CHANNELS} channels, scaled)`;
  return { ...measured, name, median: measured.median * factor, minimum: measured.minimum * factor };
}

async function fcaOf(
  backend: Pick<ComputeBackend, 'medianReference' | 'fca'>,
  features: FeatureMap,
  execution: Execution,
): Promise<void> {
  const reference = await backend.medianReference(features, PATCH, execution);
  await backend.fca(features, reference, { patchSize: PATCH, sigmaP: 3, sigmaS: 1 }, execution);
}

function gaborExtractor(): Promise<Measurement> {
  const graphs = new SessionPool(threads);
  const { values } = networkLikeFeatures(3, 1024, 1024);
  const image = { values: values as Float32Array<ArrayBuffer>, height: 1024, width: 1024 };
  return measureMemory('extractor gabor', () => gabor.extract(image, graphs, { threads }), {
    warmup: 2,
    runs: 9,
  });
}

function networkAlone(graph: string): Promise<Measurement> {
  const graphs = new SessionPool(threads);
  const { values } = networkLikeFeatures(3, 1024, 1024);
  const run = () => graphs.run(graph, { values, dimensions: [1, 3, 1024, 1024] });
  return measureMemory(NETWORK_ALONE, run, { warmup: 2, runs: 9 });
}

/** The slowest case: the minimum area is the whole map, so all positions are sorted. */
function imageScores(name: string, backend: ComputeBackend, runs: number): Promise<Measurement> {
  const side = 256;
  const { scores } = noisyMap(side);
  const search = { minArea: side * side, minLength: 0, pixelsPerColumn: 1, pixelsPerRow: 1 };
  const score = async () => backend.imageScore({ values: scores, width: side, height: side }, search);
  return measureMemory(`image score, ${name}`, score, { warmup: 3, runs });
}

async function metricsOfClass(): Promise<Measurement> {
  const [maps, side] = [20, 824];
  const map = noisyMap(side);
  const compute = async () => {
    const pixels = new MetricAccumulator(defaultBackend.createThresholdSweep());
    for (let at = 0; at < maps; at++) pixels.add(map);
    await pixels.metrics(0.3, { threads });
  };
  return measureMemory(`metrics of ${maps} maps of ${side} x ${side}`, compute, { warmup: 1, runs: 5 });
}
