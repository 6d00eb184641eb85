import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Combination } from '../../common/api/models.ts';
import type { ImageDeclaration, Layout } from '../../models/onnx/image-declaration.ts';
import type { BuiltGraph, NetworkTraits, Precision } from '../../models/networks/network.ts';
import { architectures } from '../../models/networks/networks.ts';
import { PerchError } from '../../common/api/errors.ts';
import type { Size } from '../../common/geometry.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import { readError } from '../../files/read.ts';
import { resolveUserPath } from '../../files/user-path.ts';
import type { BackboneRecord, Preprocessing } from '../../methods/extractors/backbone.ts';
import { DEFAULT_INPUT, type ModelInput } from '../../methods/extractors/model-input.ts';
import { type KnownBackbone, knownBackbones } from '../../methods/extractors/known-backbones.ts';
import { inModelProcess, probeLimits, readingLimits } from './model-process.ts';
import { bytesNormalized, layoutOf, modelInputOf, sizeFor } from './image-input.ts';
import { checkedName, IncomingModel } from './model-store.ts';
import {
  assertPublishedSize,
  assertSupportedSchema,
  type CheckpointRequest,
  provenance,
  titleOf,
} from './published-model.ts';

/** The model to import and its options. */
export interface AddRequest {
  name: string;
  /** Path of a checkpoint or an ONNX file. */
  from: string;
  /** Architecture of a checkpoint's network; follows from the name by default. */
  network?: string | undefined;
  /** Precision of a checkpoint's weights; float32 by default. */
  precision?: Precision | undefined;
  /** Layers of a checkpoint's network whose outputs are used, and how they are combined. */
  layers?: string[] | undefined;
  combine?: Combination | undefined;
  /** The ONNX graph's value that contains the features. */
  layer?: string | undefined;
  /** Whether an ONNX graph takes images as N x H x W x C; found by its shape by default. */
  channelsLast?: boolean | undefined;
  /** The value of white in an ONNX graph's input; 1 by default, or 255 for uint8. */
  range?: ModelInput['range'] | undefined;
  /** Whether an ONNX graph returns tokens of patches, 1 x N x C. */
  tokens?: boolean | undefined;
  /** Tokens before those of the patches, and rows and columns of patches; found by default. */
  leading?: number | undefined;
  grid?: Size | undefined;
  /** The only size of images that an ONNX graph with tokens takes, if the file does not declare it. */
  size?: Size | undefined;
  /** Mean and standard deviation that an ONNX graph's input is normalized with, in units of its range. */
  mean?: [number, number, number] | undefined;
  std?: [number, number, number] | undefined;
}

/** Memory per pixel that is assumed for unknown networks. */
export const UNMEASURED_BYTES_PER_PIXEL = 3000;

/** Processing outside of a graph that Perch built. */
const outside = ({ scaled, traits }: BuiltGraph): Preprocessing => ({
  normalization: null,
  scaled: scaled || traits?.aggregated === true,
  ...(traits?.multiple !== undefined && { multiple: traits.multiple }),
});

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
  const checkpoint = checkpointRequest(request, known);
  const precision = checkpoint ? (request.precision ?? 'float32') : 'as brought';
  const size = await sizeOf(from);

  const read = (to: string, wanted: Wanted, what: string) => {
    onProgress(what, 0, 1);
    return inModelProcess(
      engine,
      {
        kind: 'readModel',
        path: from,
        limits: readingLimits(size),
        request: { path: from, to, ...wanted },
        code: checkpoint ? 'CHECKPOINT_REFUSED' : 'MODEL_UNUSABLE',
      },
      { signal, onProgress: ({ fraction }) => onProgress(what, fraction, 1) },
    );
  };

  await using incoming = await IncomingModel.begin();
  const graph = await read(
    incoming.file,
    checkpoint
      ? { ...checkpoint, precision: request.precision ?? 'float32' }
      : { layer: request.layer, layout: layoutOf(request) },
    `reading ${basename(from)}`,
  );
  const { built } = graph;
  if (request.network === undefined) assertPublishedSize(from, known, built?.traits);
  const outer = built ? outside(built) : preprocessingOf(request, known, graph.input);
  const preprocessing = await withTokens(request, outer, {
    graph,
    file: incoming.file,
    from,
    engine,
    signal,
  });
  await using exact = checkpoint && precision !== 'float32' ? await IncomingModel.begin() : undefined;
  if (checkpoint && exact) {
    const wanted = { ...checkpoint, precision: 'float32' as const };
    await read(exact.file, wanted, `reading ${basename(from)} in float32`);
  }

  onProgress(TRYING, 0, 1);
  const found = await inModelProcess(
    engine,
    {
      kind: 'probeModel',
      path: from,
      limits: probeLimits(graph.bytes),
      code: 'MODEL_UNUSABLE',
      request: {
        graph: { file: incoming.file, ...preprocessing },
        ...(exact ? { exact: { file: exact.file, ...preprocessing } } : {}),
      },
    },
    { signal },
  ).catch((cause: unknown) => {
    throw namedAfter(from, incoming.file, cause);
  });
  if (!checkpoint) assertSupportedSchema(request, known, found);
  const { traits } = built ?? {};
  const record: BackboneRecord = {
    format: 1,
    name,
    title: titleOf(name, { known, checkpoint, found }),
    sha256: graph.sha256,
    bytes: graph.bytes,
    precision,
    ...found,
    preprocessing,
    ...(traits && traitsOf(traits)),
    bytesPerPixel: traits?.cost?.bytesPerPixel ?? known?.bytesPerPixel ?? UNMEASURED_BYTES_PER_PIXEL,
    ...provenance(from, graph.sourceSha256, known),
    addedAt: new Date().toISOString(),
  };
  await incoming.keep(record);
  return record;
}

/** Finds the tokens of the patches, if the request says that the graph returns tokens. */
async function withTokens(
  { tokens, leading, grid, size }: AddRequest,
  preprocessing: Preprocessing,
  {
    graph,
    file,
    from,
    engine,
    signal,
  }: {
    graph: { bytes: number; input?: ImageDeclaration };
    file: string;
    from: string;
    engine: EngineClient;
    signal: AbortSignal;
  },
): Promise<Preprocessing> {
  if (!tokens) {
    if ((leading ?? grid ?? size) === undefined) return preprocessing;
    const message = 'The grid, the leading tokens and the size of images are for graphs that return tokens.';
    throw new PerchError('INVALID_ARGUMENT', message, undefined, { kind: 'import-tokens' });
  }
  const { normalization, input } = preprocessing;
  const only = graph.input ? sizeFor(from, graph.input, size) : null;
  const given = { ...(leading !== undefined && { leading }), ...(grid && { grid }) };
  const sized = only ? { size: only } : {};
  const limits = probeLimits(graph.bytes);
  const found = await inModelProcess(
    engine,
    {
      kind: 'findTokens',
      path: from,
      limits,
      code: 'MODEL_UNUSABLE',
      request: { file, normalization, ...(input && { input }), ...sized, ...given },
    },
    { signal },
  ).catch((cause: unknown) => {
    throw namedAfter(from, file, cause);
  });
  return { ...preprocessing, ...sized, ...found };
}

type Wanted =
  { layer: string | undefined; layout: Layout | undefined } | (CheckpointRequest & { precision: Precision });

/** What the record says of a network that Perch built. */
function traitsOf({ layers, aggregated, structure, cost }: NetworkTraits): Partial<BackboneRecord> {
  return {
    ...(layers !== undefined && { layers }),
    ...(aggregated && { aggregated }),
    ...(structure !== undefined && { structure }),
    ...(cost && {
      multiplications: {
        perPixel: cost.multiplicationsPerPixel,
        perPixelPair: cost.multiplicationsPerPixelPair,
      },
    }),
  };
}

const TRYING = 'running it on probe images';

/** The size of a file. @throws PerchError file errors */
export async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (cause) {
    throw readError(path, cause);
  }
}

/**
 * Checks that the options match the type of the file.
 *
 * @returns the network that is built from a checkpoint; undefined for an ONNX file
 */
function checkpointRequest(
  { name, from, precision, layer, tokens, layers, combine, mean, std, ...request }: AddRequest,
  known: KnownBackbone | undefined,
): CheckpointRequest | undefined {
  if (from.toLowerCase().endsWith('.onnx')) {
    if ((precision ?? request.network ?? layers ?? combine) === undefined) return undefined;
    throw new PerchError(
      'INVALID_ARGUMENT',
      'A network, its layers and a precision apply to checkpoints only; an ONNX file is imported unchanged.',
    );
  }
  const network = request.network ?? known?.network ?? name;
  if (!architectures.some((candidate) => candidate.name === network)) {
    const names = architectures.map((each) => each.name).join(', ');
    throw new PerchError(
      'INVALID_ARGUMENT',
      `Perch builds these networks from checkpoints: ${names}. Name the one that ${basename(from)} contains, or import any other ` +
        'backbone as an ONNX file (NAME.onnx), with its layer, mean and standard deviation.',
      undefined,
      { kind: 'name-network' },
    );
  }
  if (layer ?? tokens ?? mean ?? std) {
    throw new PerchError(
      'INVALID_ARGUMENT',
      'Layer, tokens, mean and standard deviation are for ONNX files; a checkpoint needs none.',
    );
  }
  const isKnown = known?.network === network;
  const selected = layers ?? (isKnown ? known.layers : undefined);
  const combined = combine ?? (isKnown && !layers ? known.combine : undefined);
  return { network, ...(selected && { layers: selected }), ...(combined && { combine: combined }) };
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

function triple([red, green, blue]: readonly number[]): [number, number, number] {
  return [red, green, blue];
}
