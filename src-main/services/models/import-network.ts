import { basename } from 'node:path';
import { PerchError } from '../../common/api/errors.ts';
import type { Size } from '../../common/geometry.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import { resolveUserPath } from '../../files/user-path.ts';
import { type ModelInput, type Normalization } from '../../methods/extractors/model-input.ts';
import type { NetworkRecord } from '../../methods/networks/network-record.ts';
import { bytesNormalized, layoutOf, modelInputOf, sizeFor } from './image-input.ts';
import { type AddOptions, namedAfter, sizeOf, UNMEASURED_BYTES_PER_PIXEL } from './import-model.ts';
import { inModelProcess, probeLimits, readingLimits } from './model-process.ts';
import { checkedName, IncomingModel } from './model-store.ts';

/** The network to import. What its graph declares need not be given. */
export interface NetworkRequest {
  name: string;
  /** Path of an ONNX file. */
  from: string;
  /** Names of the outputs; found by name and shape by default. */
  mapOutput?: string | undefined;
  scoreOutput?: string | undefined;
  /** Whether it takes images as N x H x W x C; found by the shape of the input by default. */
  channelsLast?: boolean | undefined;
  /** The value of white; 1 by default, or 255 for uint8. */
  range?: ModelInput['range'] | undefined;
  /** Mean and standard deviation that normalize images, in units of the range; by default the graph normalizes. */
  mean?: [number, number, number] | undefined;
  std?: [number, number, number] | undefined;
  /** The size of images that it takes; declared by the graph by default. */
  size?: Size | undefined;
  license?: string | undefined;
}

/** The operators that take pixels as they are in a graph that does not normalize. */
const LAYERS = ['Conv', 'Gemm', 'MatMul', 'ConvInteger', 'MatMulInteger', 'QLinearConv'];

/**
 * Imports a network that computes anomaly maps: reads the graph, runs it on probe images, and stores it with its record. Replaces a
 * model of the same name. The file is read and the graph is run in separate processes.
 *
 * @throws PerchError `MODEL_UNUSABLE`, `INVALID_ARGUMENT`, `NOT_FOUND`, `NOT_WRITABLE`, ...
 */
export async function importNetwork(
  request: NetworkRequest,
  engine: EngineClient,
  { signal, onProgress = () => {} }: AddOptions,
): Promise<NetworkRecord> {
  const name = checkedName(request.name);
  const from = resolveUserPath(request.from);
  const reading = `reading ${basename(from)}`;
  onProgress(reading, 0, 1);
  const limits = readingLimits(await sizeOf(from));
  await using incoming = await IncomingModel.begin();
  const read = await inModelProcess(
    engine,
    {
      kind: 'readModel',
      path: from,
      limits,
      code: 'MODEL_UNUSABLE',
      request: { path: from, to: incoming.file, map: true, layout: layoutOf(request) },
    },
    { signal, onProgress: ({ fraction }) => onProgress(reading, fraction, 1) },
  );
  if (!read.input) throw new TypeError('The input of a graph is always declared.');
  const input = modelInputOf(read.input, request.range);
  const normalization = normalizationOf(request, input);
  const size = sizeFor(from, read.input, request.size);

  onProgress('running it on probe images', 0, 1);
  const wanted = { map: request.mapOutput, score: request.scoreOutput };
  const found = await inModelProcess(
    engine,
    {
      kind: 'probeNetwork',
      path: from,
      limits: probeLimits(read.bytes),
      code: 'MODEL_UNUSABLE',
      request: { file: incoming.file, graph: { input, normalization, size }, wanted },
    },
    { signal },
  ).catch((cause: unknown) => {
    throw namedAfter(from, incoming.file, cause);
  });
  const record: NetworkRecord = {
    format: 1,
    kind: 'map',
    name,
    title: `${name}: imported network`,
    sha256: read.sha256,
    bytes: read.bytes,
    input: found.multiple > 1 ? { ...input, multiple: found.multiple } : input,
    normalization,
    size,
    mapOutput: found.outputs.map,
    scoreOutput: found.outputs.score,
    notes: assumptions(request, input, read.firstOperations ?? [], found.isConstant),
    bytesPerPixel: UNMEASURED_BYTES_PER_PIXEL,
    secondsPerPixel: found.secondsPerPixel,
    source: { file: basename(from), sha256: read.sourceSha256, publisher: 'unknown' },
    license: request.license ?? 'unknown',
    addedAt: new Date().toISOString(),
  };
  await incoming.keep(record);
  return record;
}

function normalizationOf({ from, mean, std }: NetworkRequest, input: ModelInput): Normalization | null {
  if (!mean && !std) return null;
  if (!mean || !std)
    throw new PerchError('INVALID_ARGUMENT', 'Give both the mean and the standard deviation, or neither.');
  if (input.type === 'uint8') throw bytesNormalized(from);
  return { mean, std };
}

/** What was assumed, for the user to check. */
function assumptions(
  { range, mean }: NetworkRequest,
  { type }: ModelInput,
  firstOperations: readonly string[],
  isConstant: boolean,
): string[] {
  const notes: string[] = [];
  const takesRawPixels = firstOperations.some((operation) => LAYERS.includes(operation));
  if (type !== 'uint8' && range === undefined && !mean) {
    notes.push(
      takesRawPixels
        ? 'Its first layer takes the values from 0 to 1 as they are. If it was trained on normalized images, import it again ' +
            'with their mean and standard deviation.'
        : 'It is assumed to take values from 0 to 1, and to normalize them itself, as anomalib exports networks.',
    );
  }
  if (isConstant)
    notes.push(
      'Its map of a textured test image is constant, which can mean that it takes another range of values.',
    );
  return notes;
}
