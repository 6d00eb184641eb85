import { gaussian, gaussianRadius } from './wavelets.ts';
import type { GraphBuilder, Value } from '../src-main/models/onnx/graph.ts';
import { float32, int64 } from '../src-main/models/onnx/tensor.ts';

// Graph operations on planes (1 x C x H x W) whose sides are known only at run time.

/**
 * Linear combinations of the three planes of `image` per pixel; `weights` are rows of 3. A matrix product, because the runtime pads a
 * convolution to 16 channels, which would take more memory than the rest of a graph.
 */
export function mix(graph: GraphBuilder, image: Value, weights: readonly number[]): Value {
  const rows = weights.length / 3;
  const matrix = graph.constant(float32([rows, 3], weights));
  const pixels = graph.node('Reshape', [image, graph.constant(int64([3, -1]))]);
  const shape = graph.node('Concat', [graph.constant(int64([1, rows])), sidesOf(graph, image)], { axis: 0 });
  return graph.node('Reshape', [graph.node('MatMul', [matrix, pixels]), shape]);
}

/** Height and width of a value, as a vector. */
export function sidesOf(graph: GraphBuilder, value: Value): Value {
  return graph.node('Shape', [value], { start: 2 });
}

/** Pads planes at their top, left, bottom and right. */
export function pad(
  graph: GraphBuilder,
  planes: Value,
  pads: readonly number[],
  mode: 'reflect' | 'edge',
): Value {
  const [top, left, bottom, right] = pads;
  const sides = graph.constant(int64([0, 0, top, left, 0, 0, bottom, right]));
  return graph.node('Pad', [planes, sides], { mode });
}

/** Pads planes by reflection without repeating the edge. Planes must be larger than every pad. */
export function reflect(graph: GraphBuilder, planes: Value, pads: readonly number[]): Value {
  return pad(graph, planes, pads, 'reflect');
}

/** Weights of a depthwise convolution with the same taps for each channel. */
export function perChannel(
  graph: GraphBuilder,
  channels: number,
  sides: readonly number[],
  taps: readonly number[],
): Value {
  const all = Array.from({ length: channels }, () => taps).flat();
  return graph.constant(float32([channels, 1, ...sides], all));
}

/** The kernel `scale` down[i] across[j], row-major. */
export function outer(down: readonly number[], across: readonly number[], scale: number): number[] {
  return down.flatMap((row) => across.map((column) => row * column * scale));
}

/** Halves the sides of each channel: [1 3 3 1]/8 along both axes, reflected borders. */
export function halve(graph: GraphBuilder, planes: Value, channels: number): Value {
  const taps = [1, 3, 3, 1];
  const weights = perChannel(graph, channels, [4, 4], outer(taps, taps, 1 / 64));
  const padded = reflect(graph, planes, [1, 1, 1, 1]);
  return graph.node('Conv', [padded, weights], { kernel_shape: [4, 4], strides: [2, 2], group: channels });
}

/** Bilinear upsampling, half-pixel centers, clamped edges. */
export function enlarge(graph: GraphBuilder, planes: Value, factor: number): Value {
  const scales = graph.constant(float32([4], [1, 1, factor, factor]));
  return graph.node('Resize', [planes, '', scales], {
    mode: 'linear',
    coordinate_transformation_mode: 'half_pixel',
  });
}

/** Blurs each channel with a Gaussian, reflected borders. Planes must be larger than the radius. */
export function blur(
  graph: GraphBuilder,
  planes: Value,
  channels: number,
  sigma: number,
  radius = gaussianRadius(sigma),
): Value {
  const taps = [...gaussian(sigma, radius)];
  const down = perChannel(graph, channels, [taps.length, 1], taps);
  const across = perChannel(graph, channels, [1, taps.length], taps);
  const padded = reflect(graph, planes, [radius, radius, radius, radius]);
  const rows = graph.node('Conv', [padded, down], { kernel_shape: [taps.length, 1], group: channels });
  return graph.node('Conv', [rows, across], { kernel_shape: [1, taps.length], group: channels });
}
