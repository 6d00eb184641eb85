import { GraphBuilder } from '../src-main/models/onnx/graph.ts';
import { reflect } from './graph-ops.ts';

const KERNELS = 128;
const SIDE = 5;

/** Builds the ONNX model from `image` [1, 3, H, W] and `kernels` [128, 3, 5, 5] to `features` [1, 128, H, W], unscaled. */
export function buildRandom(): Uint8Array {
  const graph = new GraphBuilder('random');
  const image = graph.input('image', 'float32', [1, 3, 'height', 'width']);
  const kernels = graph.input('kernels', 'float32', [KERNELS, 3, SIDE, SIDE]);
  const padded = reflect(graph, image, [2, 2, 2, 2]);
  const features = graph.node('Conv', [padded, kernels], { kernel_shape: [SIDE, SIDE] }, 'features');
  graph.output(features, 'float32', [1, KERNELS, 'height', 'width']);
  return graph.toBytes();
}
