import type { GraphBuilder, Value } from '../onnx/graph.ts';
import { float32, int64, typeNumber } from '../onnx/tensor.ts';

/** How position embeddings are resized to the grid of tokens: as DINOv2 without registers, and with them. */
export type Resampling = 'offset' | 'antialias';

/** Coefficients of PyTorch's cubic kernel, without and with antialiasing. */
const COEFFICIENT: Record<Resampling, number> = { offset: -0.75, antialias: -0.5 };
/** Reach of the cubic kernel. */
const REACH = 2;
/** What DINOv2 without registers adds to the number of tokens of a side before it computes the scale. */
const OFFSET = 0.1;

/**
 * Resizes embeddings of a square grid, side x side x width, to height x width of the tokens by bicubic interpolation, as
 * PyTorch computes it: a product with a matrix of weights per axis, which follow from the number of tokens at run time.
 *
 * @param sides number of tokens down and across, each an int64 vector of length 1
 * @returns the embeddings as rows, one per token
 */
export function resizedEmbeddings(
  graph: GraphBuilder,
  embeddings: Value,
  { side, width, resampling }: { side: number; width: number; resampling: Resampling },
  [height, across]: readonly [Value, Value],
): Value {
  const matrix = resampling === 'antialias' ? antialiasedWeights : offsetWeights;
  // The published code keeps the embeddings if the grid has the same sides.
  const isSame = graph.node('And', [isSide(graph, height, side), isSide(graph, across, side)]);
  const rows = graph.node('Reshape', [embeddings, graph.constant(int64([side, side * width]))]);
  const down = graph.node('MatMul', [matrix(graph, height, side, isSame), rows]);
  const planes = graph.node('Reshape', [down, graph.constant(int64([-1, side, width]))]);
  const resized = graph.node('MatMul', [matrix(graph, across, side, isSame), planes]);
  return graph.node('Reshape', [resized, graph.constant(int64([-1, width]))]);
}

function isSide(graph: GraphBuilder, tokens: Value, side: number): Value {
  return graph.node('Equal', [tokens, graph.constant(int64([side]))]);
}

/** Weights of `side` embeddings for each token along an axis, tokens x side, from the scale (tokens + 0.1) / side. */
function offsetWeights(graph: GraphBuilder, tokens: Value, side: number, isSame: Value): Value {
  const scalar = (value: number) => graph.constant(float32([], [value]));
  const count = graph.node('Cast', [tokens], { to: typeNumber('float32') });
  const scale = graph.node('Div', [graph.node('Add', [count, scalar(OFFSET)]), scalar(side)]);
  const used = graph.node('Where', [isSame, scalar(1), scale]);
  const centers = graph.node('Sub', [graph.node('Div', [centersOf(graph, tokens), used]), scalar(0.5)]);
  // Embeddings beyond the border repeat the one at the border.
  const positions = Array.from({ length: side + 2 * REACH }, (_, i) => i - REACH);
  const repeated = positions.flatMap((position) => {
    const inside = Math.min(Math.max(position, 0), side - 1);
    return Array.from({ length: side }, (_, i) => Number(i === inside));
  });
  const weights = cubic(graph, distances(graph, centers, positions), COEFFICIENT.offset);
  const folding = graph.constant(float32([positions.length, side], repeated));
  return graph.node('MatMul', [weights, folding]);
}

/** Weights with a kernel that is as wide as the reduction, over the embeddings inside the grid. */
function antialiasedWeights(graph: GraphBuilder, tokens: Value, side: number): Value {
  const scalar = (value: number) => graph.constant(float32([], [value]));
  const count = graph.node('Cast', [tokens], { to: typeNumber('float32') });
  const step = graph.node('Div', [scalar(side), count]);
  const centers = graph.node('Mul', [centersOf(graph, tokens), step]);
  const positions = Array.from({ length: side }, (_, i) => i + 0.5);
  const spread = graph.node('Max', [step, scalar(1)]);
  const scaled = graph.node('Div', [distances(graph, centers, positions), spread]);
  const weights = cubic(graph, scaled, COEFFICIENT.antialias);
  const sums = graph.node('ReduceSum', [weights, graph.constant(int64([1]))]);
  return graph.node('Div', [weights, sums]);
}

/** 0.5, 1.5, ... per token, as float32. */
function centersOf(graph: GraphBuilder, tokens: Value): Value {
  const scalar = (value: number) => graph.constant(int64([value], []));
  const count = graph.node('Squeeze', [tokens]);
  const indices = graph.node('Range', [scalar(0), count, scalar(1)]);
  return graph.node('Add', [
    graph.node('Cast', [indices], { to: typeNumber('float32') }),
    graph.constant(float32([], [0.5])),
  ]);
}

/** |center - position| of every pair: centers x positions. */
function distances(graph: GraphBuilder, centers: Value, positions: readonly number[]): Value {
  const column = graph.node('Reshape', [centers, graph.constant(int64([-1, 1]))]);
  const row = graph.constant(float32([1, positions.length], positions));
  return graph.node('Abs', [graph.node('Sub', [column, row])]);
}

/** The cubic convolution kernel at distances that are not negative. */
function cubic(graph: GraphBuilder, distance: Value, a: number): Value {
  const scalar = (value: number) => graph.constant(float32([], [value]));
  const polynomial = (coefficients: readonly number[]) =>
    coefficients.slice(1).reduce((sum, coefficient) => {
      return graph.node('Add', [graph.node('Mul', [sum, distance]), scalar(coefficient)]);
    }, scalar(coefficients[0]));
  const near = polynomial([a + 2, -(a + 3), 0, 1]);
  const far = polynomial([a, -5 * a, 8 * a, -4 * a]);
  const outer = graph.node('Where', [graph.node('Less', [distance, scalar(REACH)]), far, scalar(0)]);
  return graph.node('Where', [graph.node('LessOrEqual', [distance, scalar(1)]), near, outer]);
}
