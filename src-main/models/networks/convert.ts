import { PerchError } from '../../common/api/errors.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { Network, Precision } from './network.ts';

/** Largest number of names in a message. Further names are counted. */
const LISTED = 5;

/**
 * Builds a network as ONNX with the weights of a checkpoint. Compares names and shapes first, then reads one tensor at a time. Ignores
 * other entries of the checkpoint.
 *
 * @param path names the checkpoint in messages
 * @throws PerchError `CHECKPOINT_REFUSED` if weights are missing, have the wrong shape or are not finite
 */
export async function convert(
  path: string,
  checkpoint: Pick<Checkpoint, 'tensors' | 'read'>,
  network: Network,
  precision: Precision,
): Promise<Uint8Array> {
  assertWeightsMatch(path, checkpoint, network);
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
