import { stat, writeFile } from 'node:fs/promises';
import { openCheckpoint } from '../../models/checkpoint/open-checkpoint.ts';
import { detectNonModel } from '../../models/detect-non-model.ts';
import { convert, countWeights, networkOf } from '../../models/networks/convert.ts';
import { type BuiltGraph, builtGraph, networkTraits } from '../../models/networks/network.ts';
import { architectures } from '../../models/networks/networks.ts';
import { type ExternalWeights, extractSubgraph, extractWhole } from '../../models/onnx/extract-subgraph.ts';
import type { ImageDeclaration, Layout } from '../../models/onnx/image-declaration.ts';
import { WeightFiles } from '../../models/onnx/weight-files.ts';
import { PerchError } from '../../common/api/errors.ts';
import { readInputFile, readError } from '../../files/read.ts';
import { sha256Of } from '../../files/sha256.ts';
import { writeError } from '../../files/write.ts';
import { allowMemory } from '../runtime/memory-watch.ts';
import type { EngineRequests } from '../protocol/messages.ts';
import type { HandlerContext } from '../runtime/handler-context.ts';

type WantedOnnx =
  { layer: string | undefined; layout?: Layout | undefined } | { map: true; layout?: Layout | undefined };

/** Memory needed to read and write a file, as a multiple of its size. */
const COPIES = 3;
/** Throughput of reading, writing and hashing on a slow disk. */
const BYTES_PER_SECOND = 20e6;

/**
 * Reads a model file and writes its graph. Runs in a process with a memory limit, because a malicious file can demand any amount of
 * memory.
 */
export async function readModel(
  { path, to, ...wanted }: EngineRequests['readModel']['request'],
  { report }: Pick<HandlerContext, 'report'>,
): Promise<EngineRequests['readModel']['response']> {
  await assertModelFile(path, 'network' in wanted ? 'CHECKPOINT_REFUSED' : 'MODEL_UNUSABLE');
  const { graph, ...found } =
    'network' in wanted ? await fromCheckpoint(path, wanted, report) : await fromOnnx(path, wanted, report);
  await writeFile(to, graph, { flush: true }).catch((cause: unknown) => {
    throw writeError(to, cause);
  });
  return {
    bytes: graph.length,
    sha256: await sha256Of(to),
    sourceSha256: await sha256Of(path),
    ...found,
  };
}

async function assertModelFile(path: string, code: 'CHECKPOINT_REFUSED' | 'MODEL_UNUSABLE'): Promise<void> {
  const reason = await detectNonModel(path).catch((cause: unknown) => {
    throw readError(path, cause);
  });
  if (reason !== undefined) throw new PerchError(code, `${path} is not a model: ${reason}.`);
}

interface ReadGraph {
  graph: Uint8Array;
  built?: BuiltGraph;
}

type NetworkRequest = Extract<EngineRequests['readModel']['request'], { network: string }>;

async function fromCheckpoint(
  path: string,
  { network: name, precision, layers, combine }: Omit<NetworkRequest, 'path' | 'to'>,
  report: HandlerContext['report'],
): Promise<ReadGraph> {
  const architecture = architectures.find((candidate) => candidate.name === name);
  if (!architecture)
    throw new PerchError('UNKNOWN_NAME', `Perch cannot build the network "${name}" from a checkpoint.`);
  try {
    await using checkpoint = await openCheckpoint(path);
    const network = networkOf(path, checkpoint, architecture, { layers, combine });
    // Weights take at most twice the space of the file, where float16 becomes float32.
    allowMemory(COPIES * Math.min(4 * countWeights(network), 2 * (await stat(path)).size));
    const all = Object.keys(network.weights).length;
    let done = 0;
    const read = (weight: string) => {
      report({ stage: 'decode', fraction: Math.min(done++ / all, 1) });
      return checkpoint.read(weight);
    };
    const graph = await convert(path, { read }, network, precision);
    return { graph, built: { scaled: false, traits: networkTraits.parse(network) } };
  } catch (cause) {
    throw cause instanceof PerchError ? cause : readError(path, cause);
  }
}

interface FromOnnx extends ReadGraph {
  input: ImageDeclaration;
  firstOperations?: string[];
}

async function fromOnnx(
  path: string,
  wanted: WantedOnnx,
  report: HandlerContext['report'],
): Promise<FromOnnx> {
  allowMemory(COPIES * (await stat(path)).size);
  const bytes = await readInputFile(path);
  const weights = new WeightFiles(path, (size) => {
    allowMemory(COPIES * size);
    report({ stage: 'decode', fraction: 0, estimate: { seconds: size / BYTES_PER_SECOND, bytes: size } });
  });
  try {
    return 'map' in wanted ? wholeGraph(bytes, wanted, weights) : backboneGraph(bytes, wanted, weights);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const use = 'map' in wanted ? 'as a method' : 'as a backbone';
    throw new PerchError('MODEL_UNUSABLE', `${path} cannot be used ${use}: ${reason}.`, cause);
  }
}

function backboneGraph(
  bytes: Uint8Array,
  { layer, layout }: { layer: string | undefined; layout?: Layout | undefined },
  weights: WeightFiles,
): FromOnnx {
  const readWeights = (external: ExternalWeights) => weights.read(external);
  const extracted = extractSubgraph(bytes, { layer, layout, readWeights });
  const built = builtGraph(extracted.metadata);
  return {
    graph: built && !extracted.hasEmbeddedWeights ? bytes : extracted.bytes,
    ...(built && { built }),
    input: extracted.input,
  };
}

function wholeGraph(
  bytes: Uint8Array,
  { layout }: { layout?: Layout | undefined },
  weights: WeightFiles,
): FromOnnx {
  const readWeights = (external: ExternalWeights) => weights.read(external);
  const whole = extractWhole(bytes, { layout, readWeights });
  const { input, firstOperations } = whole;
  if ((input.batch ?? 1) > 1)
    throw new RangeError(
      `it takes ${input.batch} images at once. Export it for one image, or for any number of images`,
    );
  return { graph: whole.bytes, input, firstOperations };
}
