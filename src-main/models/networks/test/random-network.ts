import * as ort from 'onnxruntime-node';
import { expect } from 'vitest';
import type { Checkpoint, TensorDescription } from '../../checkpoint/checkpoint.ts';
import { convert } from '../convert.ts';
import type { Network, Precision } from '../network.ts';
import type { Planes, Weights } from './reference-networks.ts';

/** Reproducible pseudorandom numbers in -1..1. */
export function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state / 2 ** 31;
  };
}

/** Weights with the typical size after training; variances and gains around 1. */
export function weightsOf({ weights }: Pick<Network, 'weights'>): Weights {
  const random = noise(7);
  const values: Weights = {};
  for (const [name, shape] of Object.entries(weights)) {
    const count = shape.reduce((product, side) => product * side, 1);
    const inputs = shape.slice(1).reduce((product, side) => product * side, 1);
    const isMatrix = shape.length === 2 || shape.length === 4;
    const spread = isMatrix ? Math.sqrt(6 / inputs) : 0.1;
    const isGain = /running_var|(bn\d|downsample\.1|norm\d?)\.weight|gamma/.test(name);
    values[name] = Float32Array.from({ length: count }, () => Number(isGain) + spread * random());
  }
  return values;
}

/** A checkpoint in memory. */
export function checkpointOf(
  { weights }: Pick<Network, 'weights'>,
  values: Weights,
  shapes = weights,
): Checkpoint {
  const described = Object.entries(shapes).map(([name, shape]): [string, TensorDescription] => [
    name,
    { shape, type: 'float32' },
  ]);
  return {
    tensors: new Map(described),
    read: (name) => Promise.resolve(values[name].slice()),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

export function imageOf(height: number, width: number): Planes {
  const random = noise(3);
  const values = Float64Array.from({ length: 3 * height * width }, () => Math.fround(0.5 + 0.5 * random()));
  return { values, channels: 3, height, width };
}

/** Builds a network and runs it on an image. */
export async function runNetwork(
  network: Network,
  values: Weights,
  image: Planes,
  precision: Precision = 'float32',
): Promise<Planes> {
  const graph = await convert('net.pth', checkpointOf(network, values), network, precision);
  const session = await ort.InferenceSession.create(graph);
  const { height, width } = image;
  const input = new ort.Tensor('float32', Float32Array.from(image.values), [1, 3, height, width]);
  const { features } = await session.run({ image: input });
  const [batch, channels, down, across] = features.dims;
  expect(batch).toBe(1);
  return { values: Float64Array.from(features.data as Float32Array), channels, height: down, width: across };
}

export function largestDifference(actual: Planes, expected: Planes): number {
  const shape = ({ channels, height, width }: Planes) => [channels, height, width];
  expect(shape(actual)).toEqual(shape(expected));
  return actual.values.reduce(
    (largest, value, i) => Math.max(largest, Math.abs(value - expected.values[i])),
    0,
  );
}
