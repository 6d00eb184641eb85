import { GraphBuilder } from '../src-main/models/onnx/graph.ts';
import { float32 } from '../src-main/models/onnx/tensor.ts';

/**
 * Makes the ONNX model: `vectors` [count, length] and `bank` [size, length] to `nearest` [count], for each vector the index
 * of the nearest of the bank (Euclidean, the first of equals), as float32. The squared distance is |v|^2 - 2 v b + |b|^2, of
 * which the first part is the same for the whole bank.
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
