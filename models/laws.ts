import { GraphBuilder } from '../src-main/models/onnx/graph.ts';
import { float32 } from '../src-main/models/onnx/tensor.ts';
import { blur, mix, outer, reflect } from './graph-ops.ts';

/** Channels of Laws' texture energy, C x H x W (docs/method.md, section 1). */
export const LAWS_CHANNELS = 9;
/** Minimum image side in pixels. A smaller image is too small for padding by the blur's radius. */
export const LAWS_MINIMUM_SIDE = 8;

/** Side of the kernels. */
const SIDE = 5;
/** The Gaussian that estimates the illumination, which is subtracted. */
const LIGHT_SIGMA = 20;
const LIGHT_RADIUS = 7;

/** Level, edge, spot and ripple. */
const L5 = [1, 4, 6, 4, 1];
const E5 = [-1, -2, 0, 2, 1];
const S5 = [-1, 0, 2, 0, -1];
const R5 = [1, -4, 6, -4, 1];

/** The channels in order; each is the mean of the two outer products of a pair. */
const PAIRS = [
  [E5, E5],
  [S5, S5],
  [R5, R5],
  [L5, E5],
  [L5, S5],
  [L5, R5],
  [E5, S5],
  [E5, R5],
  [S5, R5],
];
const DIVISOR = 10;

/** Builds the ONNX model from `image` [1, 3, H, W], RGB in 0..1, to `features` [1, 9, H, W], unscaled. */
export function buildLaws(): Uint8Array {
  const graph = new GraphBuilder('laws');
  const image = graph.input('image', 'float32', [1, 3, 'height', 'width']);
  const gray = mix(graph, image, [1 / 3, 1 / 3, 1 / 3]);
  const detail = graph.node('Sub', [gray, blur(graph, gray, 1, LIGHT_SIGMA, LIGHT_RADIUS)], {}, 'detail');

  const taps = PAIRS.flatMap(([one, other]) => {
    const transposed = outer(other, one, 1 / (2 * DIVISOR));
    return outer(one, other, 1 / (2 * DIVISOR)).map((tap, i) => tap + transposed[i]);
  });
  const kernels = graph.constant(float32([LAWS_CHANNELS, 1, SIDE, SIDE], taps), 'kernels');
  const padded = reflect(graph, detail, [2, 2, 2, 2]);
  const features = graph.node('Conv', [padded, kernels], { kernel_shape: [SIDE, SIDE] }, 'features');
  graph.output(features, 'float32', [1, LAWS_CHANNELS, 'height', 'width']);
  return graph.toBytes();
}
