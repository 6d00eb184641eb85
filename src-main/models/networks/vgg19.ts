import { GraphBuilder } from '../onnx/graph.ts';
import { convolution, normalizedImage, outputFeatures } from './layers.ts';
import type { Kernel } from './layers.ts';
import { refuseLayers } from './layer-selection.ts';
import { backboneMetadata } from './network.ts';
import type { Architecture, Network, ReadWeight } from './network.ts';

const FIRST = [64, 3, 3, 3];
const SECOND = [64, 64, 3, 3];

/** The first two convolutions of torchvision's VGG19, before their ReLU: 128 channels at image resolution. */
export const vgg19: Architecture = {
  name: 'vgg19',
  layers: null,
  network(_tensors, selection) {
    refuseLayers('vgg19', selection);
    return firstConvolutions;
  },
};

const firstConvolutions: Network = {
  name: 'vgg19',
  channels: FIRST[0] + SECOND[0],
  stride: 1,
  weights: {
    'features.0.weight': FIRST,
    'features.0.bias': [FIRST[0]],
    'features.2.weight': SECOND,
    'features.2.bias': [SECOND[0]],
  },
  async build(read, precision) {
    const graph = new GraphBuilder('vgg19');
    const options = { padding: 1, precision };
    const first = convolution(
      graph,
      normalizedImage(graph),
      await kernel(read, 'features.0', FIRST),
      options,
    );
    const rectified = graph.node('Relu', [first]);
    const second = convolution(graph, rectified, await kernel(read, 'features.2', SECOND), options);
    const features = graph.node('Concat', [first, second], { axis: 1 }, 'features');
    outputFeatures(graph, features, firstConvolutions.channels);
    return graph.toBytes(backboneMetadata(firstConvolutions));
  },
};

async function kernel(read: ReadWeight, name: string, shape: readonly number[]): Promise<Kernel> {
  return { shape, weights: await read(`${name}.weight`), bias: await read(`${name}.bias`) };
}
