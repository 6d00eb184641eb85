import { toFloat16 } from '../checkpoint/dtypes.ts';
import type { GraphBuilder, Side, Value } from '../onnx/graph.ts';
import { float16, float32, int8, typeNumber } from '../onnx/tensor.ts';
import type { Tensor } from '../onnx/tensor.ts';
import type { Precision } from './network.ts';

// The layers of networks. Planes have the shape 1 x C x H x W.

/** Mean and standard deviation of ImageNet, per RGB channel in 0..1. */
const IMAGENET_MEAN = [0.485, 0.456, 0.406];
const IMAGENET_STD = [0.229, 0.224, 0.225];

/**
 * The weights of a convolution, outputs x inputs x side x side, or of a linear layer, outputs x inputs, with a bias per output, and a
 * factor per output if a normalization or scale was folded into it.
 */
export interface Kernel {
  shape: readonly number[];
  weights: Float32Array;
  factors?: Float64Array;
  bias: ArrayLike<number>;
}

/** Adds the image input of a backbone. Returns its normalized planes. */
export function normalizedImage(graph: GraphBuilder): Value {
  const image = graph.input('image', 'float32', [1, 3, 'height', 'width']);
  const mean = graph.constant(float32([1, 3, 1, 1], IMAGENET_MEAN));
  const std = graph.constant(float32([1, 3, 1, 1], IMAGENET_STD));
  return graph.node('Div', [graph.node('Sub', [image, mean]), std], {}, 'normalized');
}

/** Adds a convolution with zero padding. */
export function convolution(
  graph: GraphBuilder,
  planes: Value,
  kernel: Kernel,
  { stride = 1, padding = 0, precision }: { stride?: number; padding?: number; precision: Precision },
): Value {
  const { shape, bias } = kernel;
  const stored = storedWeights(graph, kernel, precision);
  const offsets = graph.constant(float32([shape[0]], bias));
  return graph.node('Conv', [planes, stored, offsets], {
    kernel_shape: shape.slice(2),
    strides: [stride, stride],
    pads: [padding, padding, padding, padding],
  });
}

/** Scales each channel to 0..1 by its minimum and maximum over the image (docs/method.md, section 1). */
export function scaled(graph: GraphBuilder, planes: Value, name?: Value): Value {
  const low = graph.node('ReduceMin', [planes], { axes: [2, 3] });
  const high = graph.node('ReduceMax', [planes], { axes: [2, 3] });
  const range = graph.node('Add', [graph.node('Sub', [high, low]), graph.constant(float32([], [1e-8]))]);
  return graph.node('Div', [graph.node('Sub', [planes, low]), range], {}, name);
}

/** Declares the feature output of a backbone. */
export function outputFeatures(graph: GraphBuilder, features: Value, channels: number): void {
  const sides: Side[] = ['feature_height', 'feature_width'];
  graph.output(features, 'float32', [1, channels, ...sides]);
}

/**
 * Stores weights in the given precision, and converts them to float32 in the graph. Runtimes fold this conversion of constants when
 * they load the graph, so inference runs in float32. Factors per output are stored separately, so that weights that come in float16
 * are stored without loss.
 */
export function storedWeights(
  graph: GraphBuilder,
  { shape, weights, factors }: Omit<Kernel, 'bias'>,
  precision: Precision,
): Value {
  const outputs = shape[0];
  const perOutput = weights.length / outputs;
  if (precision === 'float32') {
    const products = factors
      ? Float64Array.from(weights, (value, i) => value * factors[Math.floor(i / perOutput)])
      : weights;
    return graph.constant(float32(shape, products));
  }
  if (precision === 'int8') {
    const { steps, scales } = quantize(weights, outputs);
    return dequantized(
      graph,
      int8(shape, steps),
      factors ? scales.map((scale, i) => scale * factors[i]) : scales,
    );
  }
  const bits = Uint16Array.from(weights, toFloat16);
  if (bits.some((value) => (value & 0x7c00) === 0x7c00)) {
    throw new RangeError('a weight exceeds the range of float16 (65504); use float32');
  }
  return dequantized(graph, float16(shape, bits), factors);
}

function dequantized(graph: GraphBuilder, stored: Tensor, factors: Float64Array | undefined): Value {
  const wide = graph.node('Cast', [graph.constant(stored)], { to: typeNumber('float32') });
  if (!factors) return wide;
  const shape = [factors.length, ...stored.dims.slice(1).map(() => 1)];
  return graph.node('Mul', [wide, graph.constant(float32(shape, factors))]);
}

/** Quantizes symmetrically to -127..127, with a scale per output. */
function quantize(weights: Float32Array, outputs: number): { steps: Int8Array; scales: Float64Array } {
  const perOutput = weights.length / outputs;
  const scales = Float64Array.from({ length: outputs }, (_, output) => {
    const own = weights.subarray(output * perOutput, (output + 1) * perOutput);
    return own.reduce((largest, weight) => Math.max(largest, Math.abs(weight)), 0) / 127;
  });
  const steps = Int8Array.from(weights, (weight, i) => {
    const scale = scales[Math.floor(i / perOutput)];
    return scale === 0 ? 0 : Math.round(weight / scale);
  });
  return { steps, scales };
}
