import { Float } from '../onnx/attribute.ts';
import type { GraphBuilder, Value } from '../onnx/graph.ts';
import { float32, int64 } from '../onnx/tensor.ts';
import { type Kernel, storedWeights } from './layers.ts';
import type { Precision } from './network.ts';

// The layers of vision transformers. Tokens have the shape N x width.

/** Width of an attention head. The scale of the scores, 1 / sqrt(64), is a power of two, so folding it into weights is exact. */
export const HEAD_WIDTH = 64;

/** Queries whose scores are in memory at a time. Larger blocks are not faster. */
export const QUERY_BLOCK = 256;

/** Multiplies tokens with a matrix and adds a bias. */
export function linear(graph: GraphBuilder, tokens: Value, kernel: Kernel, precision: Precision): Value {
  const stored = storedWeights(graph, kernel, precision);
  const bias = graph.constant(float32([kernel.shape[0]], kernel.bias));
  return graph.node('Gemm', [tokens, stored, bias], { transB: 1 });
}

/** Normalizes each token to mean 0 and variance 1, then scales and shifts it. */
export function layerNorm(
  graph: GraphBuilder,
  tokens: Value,
  gain: ArrayLike<number>,
  offset: ArrayLike<number>,
): Value {
  const width = gain.length;
  const [scale, shift] = [gain, offset].map((values) => graph.constant(float32([width], values)));
  return graph.node('LayerNormalization', [tokens, scale, shift], { axis: -1, epsilon: new Float(1e-6) });
}

/** Gaussian error linear unit with the error function. */
export function gelu(graph: GraphBuilder, values: Value): Value {
  const scalar = (value: number) => graph.constant(float32([], [value]));
  const erf = graph.node('Erf', [graph.node('Div', [values, scalar(Math.SQRT2)])]);
  const gate = graph.node('Add', [erf, scalar(1)]);
  return graph.node('Mul', [graph.node('Mul', [values, gate]), scalar(0.5)]);
}

/** SwiGLU: the first half of each token, through a sigmoid linear unit, times the second half. */
export function swiglu(graph: GraphBuilder, values: Value): Value {
  const [gate, value] = graph.nodeWithOutputs('Split', [values], 2, { axis: 1 });
  return graph.node('Mul', [graph.node('Mul', [gate, graph.node('Sigmoid', [gate])]), value]);
}

/**
 * Self-attention of all heads, before its projection. `qkv` has a row of 3 x width per token: query, key and value, each head by
 * head; queries are already scaled. Queries are processed in blocks, so that memory is proportional to the number of tokens.
 */
export function attention(graph: GraphBuilder, qkv: Value, heads: number): Value {
  const shaped = graph.node('Reshape', [qkv, graph.constant(int64([-1, 3, heads, HEAD_WIDTH]))]);
  const parts = graph.nodeWithOutputs('Split', [shaped], 3, { axis: 1 });
  const axis = graph.constant(int64([1]));
  const [query, key, value] = parts.map((part) => graph.node('Squeeze', [part, axis]));
  const keys = graph.node('Transpose', [key], { perm: [1, 2, 0] });
  const values = graph.node('Transpose', [value], { perm: [1, 0, 2] });
  const { blocks, count } = queryBlocks(graph, query, heads);
  const body = graph.subgraph('attend', (inner) => {
    const block = inner.input(`${qkv}_block`, 'float32', [heads, 'block', HEAD_WIDTH]);
    const scores = inner.node('Softmax', [inner.node('MatMul', [block, keys])], { axis: -1 });
    inner.output(inner.node('MatMul', [scores, values]), 'float32', [heads, 'block', HEAD_WIDTH]);
  });
  const attended = graph.node('Scan', [blocks], { body, num_scan_inputs: 1 });
  const rows = graph.node('Transpose', [attended], { perm: [0, 2, 1, 3] });
  const tokens = graph.node('Reshape', [rows, graph.constant(int64([-1, heads * HEAD_WIDTH]))]);
  return graph.node('Slice', [tokens, graph.constant(int64([0])), count]);
}

/**
 * Splits queries, N x heads x width, into equal blocks of at most `QUERY_BLOCK`: blocks x heads x block x width. Zero queries fill
 * the last one.
 */
function queryBlocks(graph: GraphBuilder, query: Value, heads: number): { blocks: Value; count: Value } {
  const integer = (value: number) => graph.constant(int64([value]));
  const divideUp = (value: Value, by: Value) =>
    graph.node('Div', [graph.node('Sub', [graph.node('Add', [value, by]), integer(1)]), by]);
  const count = graph.node('Shape', [query], { start: 0, end: 1 });
  const number = divideUp(count, integer(QUERY_BLOCK));
  const length = divideUp(count, number);
  const missing = graph.node('Sub', [graph.node('Mul', [number, length]), count]);
  const pads = graph.node(
    'Concat',
    [graph.constant(int64([0, 0, 0])), missing, graph.constant(int64([0, 0]))],
    {
      axis: 0,
    },
  );
  const padded = graph.node('Pad', [query, pads]);
  const shape = graph.node('Concat', [number, length, graph.constant(int64([heads, HEAD_WIDTH]))], {
    axis: 0,
  });
  const split = graph.node('Reshape', [padded, shape]);
  return { blocks: graph.node('Transpose', [split], { perm: [0, 2, 1, 3] }), count };
}
