import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { ImageDeclaration, Layout } from '../../models/onnx/image-declaration.ts';
import type { Network, Precision } from '../../models/networks/network.ts';
import { networks } from '../../models/networks/networks.ts';
import { PerchError } from '../../common/api/errors.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import { readError } from '../../files/read.ts';
import { resolveUserPath } from '../../files/user-path.ts';
import type { BackboneRecord, Preprocessing } from '../../methods/extractors/backbone.ts';
import { DEFAULT_INPUT, type ModelInput } from '../../methods/extractors/model-input.ts';
import { type KnownBackbone, knownBackbones } from '../../methods/extractors/known-backbones.ts';
import { inModelProcess, probeLimits, readingLimits } from './model-process.ts';
import { bytesNormalized, layoutOf, modelInputOf } from './image-input.ts';
import { checkedName, IncomingModel } from './model-store.ts';

/** The model to import and its options. */
export interface AddRequest {
  name: string;
  /** Path of a checkpoint or an ONNX file. */
  from: string;
  /** Precision of a checkpoint's weights; float32 by default. */
  precision?: Precision;
  /** The ONNX graph's value that contains the features. */
  layer?: string;
  /** Whether an ONNX graph takes images as N x H x W x C; found by its shape by default. */
  channelsLast?: boolean;
  /** The value of white in an ONNX graph's input; 1 by default, or 255 for uint8. */
  range?: ModelInput['range'];
  /** Mean and standard deviation that an ONNX graph's input is normalized with, in units of its range. */
  mean?: [number, number, number];
  std?: [number, number, number];
}

/** Memory per pixel that is assumed for unknown networks. */
export const UNMEASURED_BYTES_PER_PIXEL = 3000;

const INSIDE: Preprocessing = { normalization: null, scaled: true };

export interface AddOptions {
  signal: AbortSignal;
  /** Receives the current step and its progress. */
  onProgress?: (what: string, done: number, total: number) => void;
}

/**
 * Imports a backbone: reads the checkpoint or the graph, runs it on probe images, and stores it with its
 * record. Replaces a model of the same name. Files are read and graphs are run in separate processes.
 *
 * @throws PerchError `CHECKPOINT_REFUSED`, `MODEL_UNUSABLE`, `INVALID_ARGUMENT`, `NOT_FOUND`, `NOT_WRITABLE`, ...
 */
export async function importModel(
  request: AddRequest,
  engine: EngineClient,
  { signal, onProgress = () => {} }: AddOptions,
): Promise<BackboneRecord> {
  const name = checkedName(request.name);
  const known = knownBackbones.find((candidate) => candidate.name === name);
  const from = resolveUserPath(request.from);
  const { network } = refuseUnfit(request);
  const precision = network ? (request.precision ?? 'float32') : 'as brought';
  const size = await sizeOf(from);

  const read = (to: string, wanted: Wanted, what: string) => {
    onProgress(what, 0, 1);
    return inModelProcess(
      engine,
      {
        ...{ kind: 'readModel', path: from, limits: readingLimits(size) },
        request: { path: from, to, ...wanted },
        code: network ? 'CHECKPOINT_REFUSED' : 'MODEL_UNUSABLE',
      },
      { signal, onProgress: ({ fraction }) => onProgress(what, fraction, 1) },
    );
  };
  const exactly = (name: string, precision: Precision): Wanted => ({ network: name, precision });

  await using incoming = await IncomingModel.begin();
  const graph = await read(
    incoming.file,
    network
      ? exactly(network.name, request.precision ?? 'float32')
      : { layer: request.layer, layout: layoutOf(request) },
    `reading ${basename(from)}`,
  );
  const preprocessing = graph.isSelfContained ? INSIDE : preprocessingOf(request, known, graph.input);
  await using exact = network && precision !== 'float32' ? await IncomingModel.begin() : undefined;
  if (exact) await read(exact.file, exactly(name, 'float32'), `reading ${basename(from)} in float32`);

  onProgress(TRYING, 0, 1);
  const found = await inModelProcess(
    engine,
    {
      ...{ kind: 'probeModel', path: from, limits: probeLimits(graph.bytes), code: 'MODEL_UNUSABLE' },
      request: {
        graph: { file: incoming.file, ...preprocessing },
        ...(exact ? { exact: { file: exact.file, ...INSIDE } } : {}),
      },
    },
    { signal },
  ).catch((cause: unknown) => {
    throw namedAfter(from, incoming.file, cause);
  });
  assertSupportedSchema(request, found);
  const record: BackboneRecord = {
    format: 1,
    name,
    title: known?.title ?? `${name}: imported backbone`,
    sha256: graph.sha256,
    bytes: graph.bytes,
    precision,
    ...found,
    preprocessing,
    bytesPerPixel: known?.bytesPerPixel ?? UNMEASURED_BYTES_PER_PIXEL,
    ...provenance(from, graph.sourceSha256, known),
    addedAt: new Date().toISOString(),
  };
  await incoming.keep(record);
  return record;
}

type Wanted =
  { layer: string | undefined; layout: Layout | undefined } | { network: string; precision: Precision };

const TRYING = 'running it on probe images';

/** The size of a file. @throws PerchError file errors */
export async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (cause) {
    throw readError(path, cause);
  }
}

/** Publisher and license are known only for the published checkpoint, which its checksum identifies. */
function provenance(
  path: string,
  sha256: string,
  known: KnownBackbone | undefined,
): Pick<BackboneRecord, 'source' | 'license'> {
  const published = known !== undefined && sha256.startsWith(known.sha256Prefix);
  return {
    source: { file: basename(path), sha256, publisher: published ? known.source : 'unknown' },
    license: published ? known.license : 'unknown',
  };
}

/**
 * Checks that the options match the type of the file.
 *
 * @returns the network that is built from a checkpoint; undefined for an ONNX file
 */
function refuseUnfit({ name, from, precision, layer, mean, std }: AddRequest): { network?: Network } {
  if (from.toLowerCase().endsWith('.onnx')) {
    if (precision === undefined) return {};
    throw new PerchError(
      'INVALID_ARGUMENT',
      'A precision applies to checkpoints only; an ONNX file is imported unchanged.',
    );
  }
  const network = networks.find((candidate) => candidate.name === name);
  if (!network) {
    throw new PerchError(
      'INVALID_ARGUMENT',
      `Perch builds ${networks.map((each) => each.name).join(' and ')} from checkpoints. Import any other backbone as an ` +
        'ONNX file (NAME.onnx), with its layer, mean and standard deviation.',
    );
  }
  if (layer ?? mean ?? std) {
    throw new PerchError(
      'INVALID_ARGUMENT',
      'Layer, mean and standard deviation are for ONNX files; a checkpoint needs none.',
    );
  }
  return { network };
}

/** Image preprocessing for a graph that does not define its own. */
function preprocessingOf(
  request: AddRequest,
  known: KnownBackbone | undefined,
  declared: ImageDeclaration | undefined,
): Preprocessing {
  const input = declared && modelInputOf(declared, request.range);
  const isDefault = isDeepStrictEqual(input, DEFAULT_INPUT);
  const given = input && !isDefault ? { input } : {};
  if (input?.type === 'uint8') {
    if (request.mean ?? request.std) throw bytesNormalized(request.from);
    return { normalization: null, ...given, scaled: false };
  }
  const mean = request.mean ?? known?.mean;
  const std = request.std ?? known?.std;
  if (mean && std)
    return { normalization: { mean: triple(mean), std: triple(std) }, ...given, scaled: false };
  throw new PerchError(
    'INVALID_ARGUMENT',
    `${request.from} needs the mean and standard deviation of red, green and blue (0 to 1) that normalize its input. ` +
      'Most networks trained on ImageNet use 0.485,0.456,0.406 and 0.229,0.224,0.225.',
    undefined,
    { kind: 'give-normalization' },
  );
}

/** The same error, with the file that the user selected. */
export function namedAfter(from: string, file: string, cause: unknown): unknown {
  if (!(cause instanceof PerchError)) return cause;
  return new PerchError(cause.code, cause.message.replaceAll(file, from), cause, cause.hint);
}

/** A graph imported under the name of a network that Perch knows must be that network. */
function assertSupportedSchema(
  { name, from }: AddRequest,
  found: { channels: number; stride: number },
): void {
  const network = networks.find((candidate) => candidate.name === name);
  if (!network || (network.channels === found.channels && network.stride === found.stride)) return;
  throw new PerchError(
    'MODEL_UNUSABLE',
    `${from} has ${found.channels} channels at stride ${found.stride}; ${name} has ${network.channels} at stride ` +
      `${network.stride}. Choose the layer that the paper uses, or import the file under another name.`,
    undefined,
    { kind: 'name-layer' },
  );
}

function triple([red, green, blue]: readonly number[]): [number, number, number] {
  return [red, green, blue];
}
