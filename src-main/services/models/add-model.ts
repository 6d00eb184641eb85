import { basename, resolve } from 'node:path';
import { openCheckpoint } from '../../../models/checkpoint/open.ts';
import { convert } from '../../../models/networks/convert.ts';
import type { Network, Precision } from '../../../models/networks/network.ts';
import { selfContained } from '../../../models/networks/network.ts';
import { networks } from '../../../models/networks/networks.ts';
import { cutModel } from '../../../models/onnx/cut.ts';
import { PerchError } from '../../api/errors.ts';
import type { EngineClient } from '../../engine/client.ts';
import { readInputFile, unreadable } from '../../files/read.ts';
import type { BackboneRecord, Preprocessing } from '../../methods/extractors/backbone.ts';
import { type KnownBackbone, knownBackbones } from '../../methods/extractors/known-backbones.ts';
import { sha256Of } from '../../files/sha256.ts';
import { checkedName, IncomingModel } from './model-store.ts';
import { deviation, probe } from './probe.ts';

/** What to add, from where. */
export interface AddRequest {
  name: string;
  /** A checkpoint or an ONNX file. */
  from: string;
  /** How the weights of a checkpoint are held; float32 by default. */
  precision?: Precision;
  /** The value of an ONNX graph that gives the features. */
  layer?: string;
  /** What an ONNX graph wants its images normalised with. */
  mean?: [number, number, number];
  std?: [number, number, number];
}

/** A graph ready to be stored, and what is known of it. */
interface Prepared {
  graph: Uint8Array;
  preprocessing: Preprocessing;
  precision: BackboneRecord['precision'];
  network?: Network;
}

/** Graphs of networks that nobody measured are taken to need this much. */
const UNMEASURED_BYTES_PER_PIXEL = 3000;

const INSIDE: Preprocessing = { normalisation: null, scaled: true };

/**
 * Adds a backbone to the user's models: reads the checkpoint or the graph, tries it on probe images, and stores it with
 * its record. One of the same name is replaced.
 *
 * @throws PerchError `CHECKPOINT_REFUSED`, `MODEL_UNUSABLE`, `INVALID_ARGUMENT`, `NOT_FOUND`, `NOT_WRITABLE`, ...
 */
export async function addModel(
  request: AddRequest,
  engine: EngineClient,
  signal: AbortSignal,
): Promise<BackboneRecord> {
  const name = checkedName(request.name);
  const known = knownBackbones.find((candidate) => candidate.name === name);
  const prepared = await prepare(request, known);
  await using incoming = await IncomingModel.write(prepared.graph);
  const graph = { file: incoming.file, ...prepared.preprocessing };
  const found = await probe(graph, engine, signal).catch((cause: unknown) => {
    throw namedAfter(request.from, incoming.file, cause);
  });
  refuseOther(request, found);
  const record: BackboneRecord = {
    format: 1,
    name,
    title: known?.title ?? `${name}: added backbone`,
    sha256: await sha256Of(incoming.file),
    bytes: prepared.graph.length,
    precision: prepared.precision,
    channels: found.channels,
    stride: found.stride,
    preprocessing: prepared.preprocessing,
    bytesPerPixel: known?.bytesPerPixel ?? UNMEASURED_BYTES_PER_PIXEL,
    ...(await provenance(request.from, known)),
    addedAt: new Date().toISOString(),
  };
  if (prepared.network && prepared.precision !== 'float32') {
    await using exact = await IncomingModel.write(
      await fromCheckpoint(request.from, prepared.network, 'float32'),
    );
    record.deviation = deviation(found, await probe({ file: exact.file, ...INSIDE }, engine, signal));
  }
  await incoming.keep(record);
  return record;
}

/** Publisher and licence are known of the published checkpoint alone, and that is known by its checksum. */
async function provenance(
  path: string,
  known: KnownBackbone | undefined,
): Promise<Pick<BackboneRecord, 'source' | 'licence'>> {
  const sha256 = await sha256Of(path);
  const published = known !== undefined && sha256.startsWith(known.sha256Prefix);
  return {
    source: { file: basename(path), sha256, publisher: published ? known.source : 'unknown' },
    licence: published ? known.licence : 'unknown',
  };
}

async function prepare(request: AddRequest, known: KnownBackbone | undefined): Promise<Prepared> {
  const { from, precision = 'float32' } = request;
  if (from.toLowerCase().endsWith('.onnx')) return prepareOnnx(request, known);
  const network = networks.find(({ name }) => name === request.name);
  if (!network) {
    throw new PerchError(
      'INVALID_ARGUMENT',
      `Perch builds ${networks.map(({ name }) => name).join(' and ')} from checkpoints. Bring any other backbone as an ` +
        'ONNX file (NAME.onnx), with its layer, mean and standard deviation.',
    );
  }
  if (request.layer ?? request.mean ?? request.std) {
    throw new PerchError(
      'INVALID_ARGUMENT',
      'Layer, mean and standard deviation are for ONNX files; a checkpoint needs none.',
    );
  }
  return {
    graph: await fromCheckpoint(from, network, precision),
    preprocessing: INSIDE,
    precision,
    network,
  };
}

async function fromCheckpoint(path: string, network: Network, precision: Precision): Promise<Uint8Array> {
  try {
    await using checkpoint = await openCheckpoint(resolve(path));
    return await convert(path, checkpoint, network, precision);
  } catch (cause) {
    throw cause instanceof PerchError ? cause : unreadable(path, cause);
  }
}

async function prepareOnnx(request: AddRequest, known: KnownBackbone | undefined): Promise<Prepared> {
  const { from, layer, precision } = request;
  if (precision !== undefined) {
    throw new PerchError(
      'INVALID_ARGUMENT',
      '--precision is for checkpoints; an ONNX file is kept as it is.',
    );
  }
  const bytes = await readInputFile(from);
  const cut = cutOf(from, bytes, layer);
  if (Object.entries(selfContained).every(([key, value]) => cut.metadata[key] === value)) {
    return { graph: bytes, preprocessing: INSIDE, precision: 'as brought' };
  }
  const mean = request.mean ?? known?.mean;
  const std = request.std ?? known?.std;
  if (!mean || !std) {
    throw new PerchError(
      'INVALID_ARGUMENT',
      `What is ${from} normalised with? Give mean (--mean) and standard deviation (--std) of red, green and blue in 0..1; ` +
        'most networks trained on ImageNet take 0.485,0.456,0.406 and 0.229,0.224,0.225.',
    );
  }
  const normalisation = { mean: triple(mean), std: triple(std) };
  return { graph: cut.bytes, preprocessing: { normalisation, scaled: false }, precision: 'as brought' };
}

function cutOf(path: string, bytes: Uint8Array, layer: string | undefined): ReturnType<typeof cutModel> {
  try {
    return cutModel(bytes, layer);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PerchError('MODEL_UNUSABLE', `${path} cannot be used as a backbone: ${reason}.`, cause);
  }
}

/** The same error about the file that the user knows. */
function namedAfter(from: string, file: string, cause: unknown): unknown {
  if (!(cause instanceof PerchError)) return cause;
  return new PerchError(cause.code, cause.message.replaceAll(file, from), cause);
}

/** A ready graph under the name of a network that Perch knows has to be that network. */
function refuseOther({ name, from }: AddRequest, found: { channels: number; stride: number }): void {
  const network = networks.find((candidate) => candidate.name === name);
  if (!network || (network.channels === found.channels && network.stride === found.stride)) return;
  throw new PerchError(
    'MODEL_UNUSABLE',
    `${from} makes ${found.channels} channels at stride ${found.stride}; ${name} has ${network.channels} at stride ` +
      `${network.stride}. Name the layer that the paper uses with --layer, or add it under another name.`,
  );
}

function triple([red, green, blue]: readonly number[]): [number, number, number] {
  return [red, green, blue];
}
