import { GraphBuilder } from '../src-main/models/onnx/graph.ts';
import { float32 } from '../src-main/models/onnx/tensor.ts';

/**
 * Builds the ONNX model from `vectors` [count, length] and `bank` [size, length] to `nearest` [count]: for each vector, the index
 * of the nearest vector in the bank (Euclidean distance, ties go to the first), as float32. The squared distance is
 * |v|^2 - 2 v b + |b|^2; the first term is the same for the whole bank and is omitted.
 */
export function buildNnSearch(): Uint8Array {
  const graph = new GraphBuilder('nn_search');
  const vectors = graph.input('vectors', 'float32', ['count', 'length']);
  const bank = graph.input('bank', 'float32', ['size', 'length']);
  const squares = graph.node('ReduceSumSquare', [bank], { axes: [1], keepdims: 0 }, 'squares');
  const products = graph.node('Gemm', [vectors, bank], { transB: 1 }, 'products');
  const two = graph.constant(float32([], [2]), 'two');
  const distances = graph.node('Sub', [squares, graph.node('Mul', [products, two])], {}, 'distances');
  const index = graph.node('ArgMin', [distances], { axis: 1, keepdims: 0 }, 'index');
  const nearest = graph.node('Cast', [index], { to: 1 }, 'nearest');
  graph.output(nearest, 'float32', ['count']);
  return graph.toBytes();
}
