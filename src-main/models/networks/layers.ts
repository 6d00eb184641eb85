import { toFloat16 } from '../checkpoint/dtypes.ts';
import type { GraphBuilder, Side, Value } from '../onnx/graph.ts';
import { float16, float32, int8, typeNumber } from '../onnx/tensor.ts';
import type { Tensor } from '../onnx/tensor.ts';
import type { Precision } from './network.ts';

// What the networks are made of: layers of a graph whose planes are 1 x C x H x W.

/** What ImageNet's networks were trained on: per channel of RGB in 0..1. */
const IMAGENET_MEAN = [0.485, 0.456, 0.406];
const IMAGENET_STD = [0.229, 0.224, 0.225];

/**
 * A convolution's weights, outputs x inputs x side x side, a factor that belongs to each output (what was folded into
 * it) and a bias an output.
 */
export interface Kernel {
  shape: readonly number[];
  weights: Float32Array;
  factors?: Float64Array;
  bias: ArrayLike<number>;
}

/** The image of a backbone, and its normalised planes. */
export function normalizedImage(graph: GraphBuilder): Value {
  const image = graph.input('image', 'float32', [1, 3, 'height', 'width']);
  const mean = graph.constant(float32([1, 3, 1, 1], IMAGENET_MEAN));
  const std = graph.constant(float32([1, 3, 1, 1], IMAGENET_STD));
  return graph.node('Div', [graph.node('Sub', [image, mean]), std], {}, 'normalised');
}

/** A convolution that sees zeros beyond the border. */
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

/** Every channel mapped to 0..1 by its own minimum and maximum over the image (method.md, section 1). */
export function scaled(graph: GraphBuilder, planes: Value, name?: Value): Value {
  const low = graph.node('ReduceMin', [planes], { axes: [2, 3] });
  const high = graph.node('ReduceMax', [planes], { axes: [2, 3] });
  const range = graph.node('Add', [graph.node('Sub', [high, low]), graph.constant(float32([], [1e-8]))]);
  return graph.node('Div', [graph.node('Sub', [planes, low]), range], {}, name);
}

/** Declares what a backbone is for. */
export function outputFeatures(graph: GraphBuilder, features: Value, channels: number): void {
  const sides: Side[] = ['feature_height', 'feature_width'];
  graph.output(features, 'float32', [1, channels, ...sides]);
}

/**
 * Weights in the precision asked for, widened to float32 when the graph is loaded: a runtime folds these constants, so
 * computing is as fast and as exact as with the float32 values that the stored ones stand for. What belongs to an output
 * as a whole is kept beside the small numbers, so that weights which come in float16 are stored in it without loss.
 */
function storedWeights(
  graph: GraphBuilder,
  { shape, weights, factors }: Kernel,
  precision: Precision,
): Value {
  const outputs = shape[0];
  const perOutput = weights.length / outputs;
  const product = (value: number, i: number) => value * (factors?.[Math.floor(i / perOutput)] ?? 1);
  if (precision === 'float32') return graph.constant(float32(shape, Float64Array.from(weights, product)));
  if (precision === 'int8') {
    const { steps, scales } = quantize(weights, outputs);
    return widened(
      graph,
      int8(shape, steps),
      factors ? scales.map((scale, i) => scale * factors[i]) : scales,
    );
  }
  const bits = Uint16Array.from(weights, toFloat16);
  if (bits.some((value) => (value & 0x7c00) === 0x7c00)) {
    throw new RangeError('a weight is beyond what float16 holds (65504); use float32');
  }
  return widened(graph, float16(shape, bits), factors);
}

function widened(graph: GraphBuilder, stored: Tensor, factors: Float64Array | undefined): Value {
  const wide = graph.node('Cast', [graph.constant(stored)], { to: typeNumber('float32') });
  if (!factors) return wide;
  const shape = [factors.length, ...stored.dims.slice(1).map(() => 1)];
  return graph.node('Mul', [wide, graph.constant(float32(shape, factors))]);
}

/** Symmetric steps of -127..127 with a scale for each output. */
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
