import { Float } from '../attribute.ts';
import { GraphBuilder, type Side, type Value } from '../graph.ts';
import { float32, int64 } from '../tensor.ts';
import type { TensorType } from '../tensor.ts';

export interface MapNetwork {
  type?: TensorType;
  /** N x H x W x C instead of N x C x H x W. */
  channelsLast?: boolean;
  channels?: 1 | 3;
  /** Height and width; free by default. */
  size?: readonly [Side, Side];
  /** Halves the map, and demands even sides. */
  halved?: boolean;
  /** Adds the outputs that anomalib exports. */
  anomalib?: boolean;
  /** A factor on the map. */
  factor?: number;
  batch?: Side;
}

/**
 * A small network whose map is the distance of each pixel's brightness from the mean of its 9 x 9 neighborhood, in units of its input.
 * The map is the output `anomaly_map`.
 */
export function mapNetwork(options: MapNetwork = {}): Uint8Array {
  const { type = 'float32', channelsLast = false, channels = 3, size = ['h', 'w'], batch = 'b' } = options;
  const graph = new GraphBuilder('net');
  const sides = channelsLast ? [batch, ...size, channels] : [batch, channels, ...size];
  const image = graph.input('image', type, sides);
  const planes = channelsLast ? graph.node('Transpose', [image], { perm: [0, 3, 1, 2] }) : image;
  const values = type === 'float32' ? planes : graph.node('Cast', [planes], { to: FLOAT });
  const gray = graph.node('ReduceMean', [values], { axes: [1], keepdims: 1 });
  const pool = { kernel_shape: [9, 9], pads: [4, 4, 4, 4] };
  const mean = graph.node('AveragePool', [gray], pool);
  const distance = graph.node('Abs', [graph.node('Sub', [gray, mean])]);
  const factor = graph.constant(float32([], [options.factor ?? 1]));
  const scaled = graph.node('Mul', [distance, factor], {}, 'map');
  const map = options.halved ? halved(graph, scaled) : scaled;
  graph.output(graph.node('Identity', [map], {}, 'anomaly_map'), 'float32');
  if (options.anomalib) addAnomalibOutputs(graph, map);
  return graph.toBytes();
}

const FLOAT = 1;

/** Halves a map in a way that fails for odd sides, as U-shaped networks do. */
function halved(graph: GraphBuilder, map: Value): Value {
  const half = graph.node('MaxPool', [map], { kernel_shape: [2, 2], strides: [2, 2] });
  const scales = graph.constant(float32([4], [1, 1, 2, 2]));
  const upsampled = graph.node('Resize', [half, '', scales], { mode: 'nearest' });
  const both = graph.node('Add', [upsampled, map]);
  const added = graph.node('MaxPool', [both], { kernel_shape: [2, 2], strides: [2, 2] });
  return graph.node('Mul', [added, graph.constant(float32([], [0.5]))]);
}

/** The score, the label and the mask of the image. */
function addAnomalibOutputs(graph: GraphBuilder, map: Value): void {
  const flat = graph.node('Flatten', [map]);
  const score = graph.node('ReduceMax', [flat], { axes: [1], keepdims: 0 }, 'pred_score');
  graph.output(score, 'float32');
  const threshold = graph.constant(float32([], [0.2]));
  graph.output(graph.node('Greater', [score, threshold], {}, 'pred_label'), 'bool');
  graph.output(graph.node('Greater', [map, threshold], {}, 'pred_mask'), 'bool');
}

/** A network that fails on every input. */
export function failingNetwork(): Uint8Array {
  const graph = new GraphBuilder('net');
  const image = graph.input('image', 'float32', ['b', 3, 'h', 'w']);
  const shape = graph.constant(int64([1, 1, 7, 11]));
  graph.output(graph.node('Reshape', [image, shape], {}, 'anomaly_map'), 'float32');
  return graph.toBytes();
}

/** A network whose map is infinite. */
export function infiniteNetwork(): Uint8Array {
  const graph = new GraphBuilder('net');
  const image = graph.input('image', 'float32', ['b', 3, 'h', 'w']);
  const gray = graph.node('ReduceMean', [image], { axes: [1], keepdims: 1 });
  const zero = graph.node('Sub', [gray, gray]);
  graph.output(graph.node('Div', [gray, zero], {}, 'anomaly_map'), 'float32');
  return graph.toBytes();
}

/** A convolution that takes the pixels as they are, with an output for each of its kernels. */
export function convolution(kernels = 1): Uint8Array {
  const graph = new GraphBuilder('net');
  const image = graph.input('image', 'float32', ['b', 3, 'h', 'w']);
  const taps = Array.from({ length: kernels * 3 * 9 }, (_, i) => Math.cos(i));
  const kernel = graph.constant(float32([kernels, 3, 3, 3], taps));
  const attributes = { kernel_shape: [3, 3], pads: [1, 1, 1, 1] };
  const features = graph.node('Conv', [image, kernel], attributes);
  graph.output(graph.node('LeakyRelu', [features], { alpha: new Float(0.1) }, 'out'), 'float32');
  return graph.toBytes();
}

/** A network with two outputs that may be anomaly maps. */
export function twoMaps(): Uint8Array {
  const graph = new GraphBuilder('net');
  const image = graph.input('image', 'float32', ['b', 3, 'h', 'w']);
  const gray = graph.node('ReduceMean', [image], { axes: [1], keepdims: 1 });
  for (const [name, op] of [
    ['a', 'Abs'],
    ['b', 'Neg'],
  ])
    graph.output(graph.node(op, [gray], {}, name), 'float32');
  return graph.toBytes();
}
