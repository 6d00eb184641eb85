import type { GraphBuilder, Value } from '../onnx/graph.ts';
import { float32 } from '../onnx/tensor.ts';

/** Channels of PatchCore's features. */
export const AGGREGATED_CHANNELS = 1024;
const HALF = AGGREGATED_CHANNELS / 2;

/**
 * PatchCore's features (docs/method.md, section 1e) of `layer2` (512 channels) and `layer3` (1024 channels), as its authors publish them: the 3 x 3 neighborhood
 * of each position, with zeros beyond the border, in the order channel, row, column; pooled adaptively to 1024 numbers per layer;
 * both layers after each other, pooled to 1024 again. These are linear maps, which are folded into one convolution per layer:
 * two overlapping pools of 5 values of the same channel of `layer2` share its center, and a pool of `layer3` is the mean of a channel,
 * two of which are averaged. `layer3` is enlarged bilinearly afterwards, which commutes with a linear map of channels.
 */
export function aggregate(graph: GraphBuilder, [layer2, layer3]: Value[]): Value {
  const taps2 = Array.from({ length: 9 }, (_, i) => (i === 4 ? 0.2 : 0.1));
  const taps3 = Array.from({ length: 2 * 9 }, () => 1 / 18);
  const fine = neighborhoods(graph, layer2, taps2);
  const coarse = neighborhoods(graph, layer3, taps3);
  return graph.node('Concat', [fine, resizedTo(graph, coarse, fine)], { axis: 1 }, 'features');
}

/** Convolves groups of channels with the same taps, to one channel per group. */
function neighborhoods(graph: GraphBuilder, planes: Value, taps: readonly number[]): Value {
  const all = Array.from({ length: HALF }, () => taps).flat();
  const kernel = graph.constant(float32([HALF, taps.length / 9, 3, 3], all));
  return graph.node('Conv', [planes, kernel], { kernel_shape: [3, 3], pads: [1, 1, 1, 1], group: HALF });
}

/** Enlarges planes bilinearly to the height and width of others. */
export function resizedTo(graph: GraphBuilder, planes: Value, other: Value): Value {
  const channels = graph.node('Shape', [planes], { start: 0, end: 2 });
  const sides = graph.node('Concat', [channels, graph.node('Shape', [other], { start: 2 })], { axis: 0 });
  return graph.node('Resize', [planes, '', '', sides], {
    mode: 'linear',
    coordinate_transformation_mode: 'half_pixel',
  });
}
