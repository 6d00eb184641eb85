import { PerchError } from '../../common/api/errors.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { Architecture, LayerSelection, Network, Precision } from './network.ts';

/** Largest number of names in a message. Further names are counted. */
const LISTED = 5;

/** Largest size of a protobuf file, which an ONNX file is. */
const MAX_BYTES = 2 ** 31 - 2 ** 20;
const BYTES: Record<Precision, number> = { float32: 4, float16: 2, int8: 1 };

/**
 * The network of an architecture that a checkpoint contains. Compares names and shapes.
 *
 * @param path names the checkpoint in messages
 * @throws PerchError `CHECKPOINT_REFUSED` if weights are missing or have the wrong shape, or a selected layer does not exist
 */
export function networkOf(
  path: string,
  checkpoint: Pick<Checkpoint, 'tensors'>,
  architecture: Architecture,
  selection?: LayerSelection,
): Network {
  try {
    const network = architecture.network(checkpoint.tensors, selection);
    assertWeightsMatch(path, checkpoint, network);
    return network;
  } catch (cause) {
    if (cause instanceof RangeError) throw rejection(path, cause.message, cause);
    throw cause;
  }
}

/** Number of weights of a network. */
export function countWeights({ weights }: Network): number {
  return Object.values(weights).reduce(
    (sum, shape) => sum + shape.reduce((product, side) => product * side, 1),
    0,
  );
}

/**
 * Builds a network as ONNX with the weights of a checkpoint, which `networkOf` checked. Reads one tensor at a time. Ignores other
 * entries of the checkpoint.
 *
 * @param path names the checkpoint in messages
 * @throws PerchError `CHECKPOINT_REFUSED` if weights are not finite or too many for an ONNX file
 */
export async function convert(
  path: string,
  checkpoint: Pick<Checkpoint, 'read'>,
  network: Network,
  precision: Precision,
): Promise<Uint8Array> {
  const bytes = countWeights(network) * BYTES[precision];
  if (bytes > MAX_BYTES) {
    throw rejection(
      path,
      `its weights take ${(bytes / 1e9).toFixed(1)} GB in ${precision}, and an ONNX file holds 2.1 GB. Use a smaller precision`,
    );
  }
  const read = async (name: string) => {
    const values = await checkpoint.read(name);
    const at = values.findIndex((value) => !Number.isFinite(value));
    if (at >= 0) throw rejection(path, `${name} has a weight that is ${values[at]} (element ${at})`);
    return values;
  };
  try {
    return await network.build(read, precision);
  } catch (cause) {
    if (cause instanceof RangeError) throw rejection(path, cause.message, cause);
    throw cause;
  }
}

function assertWeightsMatch(
  path: string,
  { tensors }: Pick<Checkpoint, 'tensors'>,
  { name, weights }: Network,
): void {
  const problems: string[] = [];
  for (const [weight, shape] of Object.entries(weights)) {
    const found = tensors.get(weight);
    const expected = `${weight} ${shapeText(shape)}`;
    if (!found) problems.push(`${expected} is missing`);
    else if (shapeText(found.shape) !== shapeText(shape)) {
      problems.push(`${expected} was expected but is ${shapeText(found.shape)}`);
    }
  }
  if (problems.length === 0) return;
  const found = [...tensors].map(([weight, { shape }]) => `${weight} ${shapeText(shape)}`);
  throw rejection(
    path,
    `it does not contain the weights of ${name}: ${listed(problems)}. Found: ${listed(found)}`,
  );
}

function listed(items: string[]): string {
  const shown = items.slice(0, LISTED).join('; ');
  return items.length > LISTED ? `${shown}; and ${items.length - LISTED} more` : shown;
}

function shapeText(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

function rejection(path: string, reason: string, cause?: unknown): PerchError {
  return new PerchError('CHECKPOINT_REFUSED', `${path} was rejected: ${reason}.`, cause);
}
