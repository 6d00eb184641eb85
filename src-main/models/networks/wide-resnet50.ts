import { GraphBuilder } from '../onnx/graph.ts';
import type { Value } from '../onnx/graph.ts';
import { convolution, normalizedImage, outputFeatures } from './layers.ts';
import type { Kernel } from './layers.ts';
import { backboneMetadata } from './network.ts';
import type { Architecture, Network, NetworkTraits, Precision, ReadWeight } from './network.ts';
import { aggregate, AGGREGATED_CHANNELS, resizedTo } from './patchcore-features.ts';

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

/** The residual blocks of a layer, which ends at `stride`: the inner width of a block is twice that of ResNet-50. */
interface Layer {
  channels: number;
  stride: number;
  blocks: Bottleneck[];
}

const layers: ReadonlyMap<string, Layer> = new Map(
  [3, 4, 6, 3].map((count, i) => {
    const [name, width] = [`layer${i + 1}`, 128 * 2 ** i];
    const inputs = i === 0 ? 64 : width;
    const sizes = { inputs, width, outputs: 2 * width, count, stride: i === 0 ? 1 : 2 };
    return [name, { channels: 2 * width, stride: 4 * 2 ** i, blocks: stage(name, sizes) }];
  }),
);

/**
 * torchvision's Wide ResNet-50-2, by default the output of `layer2`: 512 channels at stride 8, ceil(H/8) x ceil(W/8). Other
 * layers can be selected; the maps of several are enlarged bilinearly to the first one's size.
 */
export const wideResnet50: Architecture = {
  name: 'wide_resnet50',
  layers: { example: 'layer2, layer3', combinations: ['concat', 'patchcore'] },
  network(_tensors, { layers: names = ['layer2'], combine = 'concat' } = {}) {
    const selected = [...layers].filter(([name]) => names.includes(name));
    const unknown = names.find((name) => !layers.has(name));
    if (unknown !== undefined) {
      throw new RangeError(`it has no layer "${unknown}"; its layers are ${[...layers.keys()].join(', ')}`);
    }
    if (selected.length === 0) throw new RangeError('no layer was selected');
    const isAggregated = combine === 'patchcore';
    if (isAggregated && String(selected.map(([name]) => name)) !== 'layer2,layer3') {
      throw new RangeError('PatchCore combines layer2 and layer3; select these two');
    }
    if (combine === 'mean' && selected.length > 1) {
      throw new RangeError('its layers have different numbers of channels, so they have no mean');
    }
    const sum = selected.reduce((channels, [, layer]) => channels + layer.channels, 0);
    const channels = isAggregated ? AGGREGATED_CHANNELS : sum;
    const used = [...layers].slice(0, [...layers.keys()].indexOf(selected[selected.length - 1][0]) + 1);
    const blocks = used.flatMap(([, layer]) => layer.blocks);
    const isDefault = String(names) === 'layer2';
    const listed = selected.map(([name]) => name).join(' and ');
    const traits: NetworkTraits = {
      channels,
      stride: selected[0][1].stride,
      ...(isAggregated && { aggregated: true }),
      ...(!isDefault && { structure: `${listed}${isAggregated ? ', aggregated as in PatchCore' : ''}` }),
    };
    return {
      ...traits,
      name: 'wide_resnet50',
      weights: Object.assign({}, ...[stem, ...blocks.flatMap(layersOf)].map(weightsOf)) as Network['weights'],
      async build(read, precision) {
        const graph = new GraphBuilder('wide_resnet50');
        let planes = await stemOf(graph, read, precision);
        const maps: Value[] = [];
        for (const [name, layer] of used) {
          for (const block of layer.blocks) planes = await bottleneck(graph, planes, block, read, precision);
          if (names.includes(name)) maps.push(planes);
        }
        outputFeatures(graph, isAggregated ? aggregate(graph, maps) : joined(graph, maps), channels);
        return graph.toBytes(backboneMetadata(traits));
      },
    };
  },
};

async function stemOf(graph: GraphBuilder, read: ReadWeight, precision: Precision): Promise<Value> {
  const first = await foldBatchNorm(read, stem);
  const stemmed = convolution(graph, normalizedImage(graph), first, { stride: 2, padding: 3, precision });
  return graph.node('MaxPool', [graph.node('Relu', [stemmed])], {
    kernel_shape: [3, 3],
    strides: [2, 2],
    pads: [1, 1, 1, 1],
  });
}

/** The maps of several layers as one, at the size of the first. */
function joined(graph: GraphBuilder, [first, ...others]: Value[]): Value {
  if (others.length === 0) return graph.node('Identity', [first], {}, 'features');
  const enlarged = others.map((map) => resizedTo(graph, map, first));
  return graph.node('Concat', [first, ...enlarged], { axis: 1 }, 'features');
}

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
