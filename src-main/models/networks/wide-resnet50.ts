import { GraphBuilder } from '../onnx/graph.ts';
import type { Value } from '../onnx/graph.ts';
import { convolution, normalizedImage, outputFeatures, scaled } from './layers.ts';
import type { Kernel } from './layers.ts';
import { selfContained } from './network.ts';
import type { Network, Precision, ReadWeight } from './network.ts';

/** torchvision's epsilon for batch normalization. */
const EPSILON = 1e-5;

/** The tensors of a batch normalization in torchvision. */
const batchNormTensors = ['weight', 'bias', 'running_mean', 'running_var'];

/** A convolution and the batch normalization after it. */
interface NormalizedConvolution {
  convolution: string;
  normalization: string;
  shape: readonly number[];
}

/** A residual block: 1x1, 3x3 and 1x1 convolutions, with a 1x1 convolution as shortcut if size or channels change. */
interface Bottleneck {
  convolutions: NormalizedConvolution[];
  stride: number;
  shortcut: NormalizedConvolution | undefined;
}

const stem: NormalizedConvolution = { convolution: 'conv1', normalization: 'bn1', shape: [64, 3, 7, 7] };

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
    const first = await foldBatchNorm(read, stem);
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
      normalization: `${path}.bn${i + 1}`,
      shape,
    }));
    if (index > 0) return { convolutions, stride: 1, shortcut: undefined };
    const shortcut = {
      convolution: `${path}.downsample.0`,
      normalization: `${path}.downsample.1`,
      shape: [outputs, inputs, 1, 1],
    };
    return { convolutions, stride: sizes.stride, shortcut };
  });
}

async function bottleneck(
  graph: GraphBuilder,
  planes: Value,
  { convolutions, stride, shortcut }: Bottleneck,
  read: ReadWeight,
  precision: Precision,
): Promise<Value> {
  const [narrow, middle, wide] = convolutions;
  const relu = (value: Value) => graph.node('Relu', [value]);
  const one = relu(convolution(graph, planes, await foldBatchNorm(read, narrow), { precision }));
  const two = relu(
    convolution(graph, one, await foldBatchNorm(read, middle), { stride, padding: 1, precision }),
  );
  const three = convolution(graph, two, await foldBatchNorm(read, wide), { precision });
  const skipped = shortcut
    ? convolution(graph, planes, await foldBatchNorm(read, shortcut), { stride, precision })
    : planes;
  return relu(graph.node('Add', [three, skipped]));
}

/** Folds a batch normalization into its convolution, in float64. */
async function foldBatchNorm(
  read: ReadWeight,
  { convolution, normalization, shape }: NormalizedConvolution,
): Promise<Kernel> {
  const weights = await read(`${convolution}.weight`);
  const [gain, offset, mean, variance] = await Promise.all(
    batchNormTensors.map((name) => read(`${normalization}.${name}`)),
  );
  const factors = Float64Array.from(gain, (value, i) => value / Math.sqrt(variance[i] + EPSILON));
  const bias = factors.map((value, i) => offset[i] - mean[i] * value);
  if (![...factors, ...bias].every(Number.isFinite)) {
    throw new RangeError(`${normalization} has a negative variance or values beyond float64`);
  }
  return { shape, weights, factors, bias };
}

function weightsOf({ convolution, normalization, shape }: NormalizedConvolution): Network['weights'] {
  const statistics = batchNormTensors.map((name) => [`${normalization}.${name}`, [shape[0]]]);
  return { [`${convolution}.weight`]: shape, ...(Object.fromEntries(statistics) as Network['weights']) };
}

function layersOf({ convolutions, shortcut }: Bottleneck): NormalizedConvolution[] {
  return shortcut ? [...convolutions, shortcut] : convolutions;
}
