import { expect, it } from 'vitest';
import { imageOf, largestDifference, runNetwork, weightsOf } from './test/random-network.ts';
import { enlarged, plainPatchcoreFeatures, plainWideResnet50Layers } from './test/reference-networks.ts';
import type { Planes } from './test/reference-networks.ts';
import { wideResnet50 } from './wide-resnet50.ts';

const network = (layers: string[], combine?: 'concat' | 'mean' | 'patchcore') =>
  wideResnet50.network(new Map(), { layers, combine });

const weights = weightsOf(network(['layer3']));
const image = imageOf(24, 40);
const [, layer2, layer3] = plainWideResnet50Layers(image, weights, ['layer1', 'layer2', 'layer3']);

/** Largest difference as a fraction of the largest value: features of random weights have any size. */
function deviation(actual: Planes, expected: Planes): number {
  return largestDifference(actual, expected) / expected.values.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
}

it('wide_resnet50 returns two layers one after the other, at the size of the first', async () => {
  const both = network(['layer3', 'layer2']);
  expect(both).toMatchObject({ channels: 1536, stride: 8, structure: 'layer2 and layer3' });
  const values = Float64Array.from([...layer2.values, ...enlarged(layer3, layer2).values]);
  const expected = { ...layer2, channels: 1536, values };
  expect(deviation(await runNetwork(both, weights, image), expected)).toBeLessThan(1e-5);
});

it("wide_resnet50 returns PatchCore's features as published", async () => {
  const aggregated = network(['layer2', 'layer3'], 'patchcore');
  expect(aggregated).toMatchObject({ channels: 1024, stride: 8, aggregated: true });
  const expected = plainPatchcoreFeatures([layer2, layer3]);
  expect(deviation(await runNetwork(aggregated, weights, image), expected)).toBeLessThan(1e-5);
});

it.each([
  [['layer5'], undefined, /no layer "layer5"; its layers are layer1, layer2, layer3, layer4/],
  [['layer1', 'layer3'], 'patchcore', /PatchCore combines layer2 and layer3/],
  [['layer2', 'layer3'], 'mean', /different numbers of channels/],
] as const)('wide_resnet50 refuses the layers %j with %s', (layers, combine, reason) => {
  expect(() => network([...layers], combine)).toThrow(reason);
});
