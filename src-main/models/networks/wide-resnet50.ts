import { GraphBuilder } from '../onnx/graph.ts';
import type { Value } from '../onnx/graph.ts';
import { convolution, normalizedImage, outputFeatures, scaled } from './layers.ts';
import type { Kernel } from './layers.ts';
import { selfContained } from './network.ts';
import type { Network, Precision, ReadWeight } from './network.ts';

/** torchvision's epsilon of batch normalisation. */
const EPSILON = 1e-5;

/** What batch normalisation holds a channel, by torchvision's names. */
const statisticNames = ['weight', 'bias', 'running_mean', 'running_var'];

/** A convolution and the batch normalisation behind it. */
interface Normalised {
  convolution: string;
  normalisation: string;
  shape: readonly number[];
}

/** A residual block: 1x1, 3x3 and 1x1 convolutions, and a 1x1 one beside them where size or channels change. */
interface Bottleneck {
  convolutions: Normalised[];
  stride: number;
  beside: Normalised | undefined;
}

const stem: Normalised = { convolution: 'conv1', normalisation: 'bn1', shape: [64, 3, 7, 7] };

/** Up to `layer2` of Wide ResNet-50-2: the inner width of a block is twice that of ResNet-50. */
const blocks: Bottleneck[] = [
  ...stage('layer1', { inputs: 64, width: 128, outputs: 256, count: 3, stride: 1 }),
  ...stage('layer2', { inputs: 256, width: 256, outputs: 512, count: 4, stride: 2 }),
];

/** torchvision's Wide ResNet-50-2, output of `layer2`: 512 channels at stride 8, ceil(H/8) x ceil(W/8). */
export const wideResnet50: Network = {
  name: 'wide_resnet50',
  channels: 512,
  stride: 8,
  weights: Object.assign({}, ...[stem, ...blocks.flatMap(layersOf)].map(weightsOf)) as Network['weights'],
  async build(read, precision) {
    const graph = new GraphBuilder('wide_resnet50');
    const first = await folded(read, stem);
    const stemmed = convolution(graph, normalizedImage(graph), first, { stride: 2, padding: 3, precision });
    let planes = graph.node('MaxPool', [graph.node('Relu', [stemmed])], {
      kernel_shape: [3, 3],
      strides: [2, 2],
      pads: [1, 1, 1, 1],
    });
    for (const block of blocks) planes = await bottleneck(graph, planes, block, read, precision);
    outputFeatures(graph, scaled(graph, planes, 'features'), this.channels);
    return graph.toBytes(selfContained);
  },
};

function stage(
  name: string,
  sizes: { inputs: number; width: number; outputs: number; count: number; stride: number },
): Bottleneck[] {
  const { width, outputs, count } = sizes;
  return Array.from({ length: count }, (_, index) => {
    const path = `${name}.${index}`;
    const inputs = index === 0 ? sizes.inputs : outputs;
    const shapes = [
      [width, inputs, 1, 1],
      [width, width, 3, 3],
      [outputs, width, 1, 1],
    ];
    const convolutions = shapes.map((shape, i) => ({
      convolution: `${path}.conv${i + 1}`,
      normalisation: `${path}.bn${i + 1}`,
      shape,
    }));
    if (index > 0) return { convolutions, stride: 1, beside: undefined };
    const beside = {
      convolution: `${path}.downsample.0`,
      normalisation: `${path}.downsample.1`,
      shape: [outputs, inputs, 1, 1],
    };
    return { convolutions, stride: sizes.stride, beside };
  });
}

async function bottleneck(
  graph: GraphBuilder,
  planes: Value,
  { convolutions, stride, beside }: Bottleneck,
  read: ReadWeight,
  precision: Precision,
): Promise<Value> {
  const [narrow, middle, wide] = convolutions;
  const relu = (value: Value) => graph.node('Relu', [value]);
  const one = relu(convolution(graph, planes, await folded(read, narrow), { precision }));
  const two = relu(convolution(graph, one, await folded(read, middle), { stride, padding: 1, precision }));
  const three = convolution(graph, two, await folded(read, wide), { precision });
  const shortcut = beside
    ? convolution(graph, planes, await folded(read, beside), { stride, precision })
    : planes;
  return relu(graph.node('Add', [three, shortcut]));
}

/** A convolution with the batch normalisation behind it folded into it, in float64. */
async function folded(read: ReadWeight, { convolution, normalisation, shape }: Normalised): Promise<Kernel> {
  const weights = await read(`${convolution}.weight`);
  const [gain, offset, mean, variance] = await Promise.all(
    statisticNames.map((name) => read(`${normalisation}.${name}`)),
  );
  const factors = Float64Array.from(gain, (value, i) => value / Math.sqrt(variance[i] + EPSILON));
  const bias = factors.map((value, i) => offset[i] - mean[i] * value);
  if (![...factors, ...bias].every(Number.isFinite)) {
    throw new RangeError(`${normalisation} has a variance below 0 or values beyond float64`);
  }
  return { shape, weights, factors, bias };
}

function weightsOf({ convolution, normalisation, shape }: Normalised): Network['weights'] {
  const statistics = statisticNames.map((name) => [`${normalisation}.${name}`, [shape[0]]]);
  return { [`${convolution}.weight`]: shape, ...(Object.fromEntries(statistics) as Network['weights']) };
}

function layersOf({ convolutions, beside }: Bottleneck): Normalised[] {
  return beside ? [...convolutions, beside] : convolutions;
}
