import { GraphBuilder } from '../src-main/models/onnx/graph.ts';
import { float32 } from '../src-main/models/onnx/tensor.ts';
import { blur, mix, outer, reflect } from './graph-ops.ts';

/** Laws' texture energy: a feature map of C x H x W (docs/method.md, section 1). */
export const LAWS_CHANNELS = 9;
/** Shortest image side, in pixels: a smaller one cannot be reflected by the blur's radius. */
export const LAWS_MINIMUM_SIDE = 8;

/** The kernels' sides, and those of the Gaussian that takes the light away. */
const SIDE = 5;
const LIGHT_SIGMA = 20;
const LIGHT_RADIUS = 7;

/** Level, edge, spot and ripple. */
const L5 = [1, 4, 6, 4, 1];
const E5 = [-1, -2, 0, 2, 1];
const S5 = [-1, 0, 2, 0, -1];
const R5 = [1, -4, 6, -4, 1];

/** What the channels are, in order: each the mean of a pair's two outer products. */
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

/** Makes the ONNX model: `image` [1, 3, H, W], RGB in 0..1, to `features` [1, 9, H, W], not scaled. */
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
