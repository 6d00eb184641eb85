import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildNnSearch } from '../../../models/nn-search.ts';
import { aggregateNeighborhood, type Patches, gatherRows } from '../../methods/patchcore/patches.ts';
import { distancesToNearest, patchcoreMap } from '../../methods/patchcore/patchcore-map.ts';
import { mulberry32 } from '../../methods/prng.ts';
import { SessionPool } from '../inference/onnx-sessions.ts';

const execution = { threads: 1 };
const graphs = new SessionPool(1);

function randomPatches(count: number, length: number, seed: number): Patches {
  return { values: Float32Array.from({ length: count * length }, mulberry32(seed)), count, length };
}

function distanceBetween(a: Patches, i: number, b: Patches, j: number): number {
  const row = ({ values, length }: Patches, at: number) => [
    ...values.subarray(at * length, (at + 1) * length),
  ];
  const other = row(b, j);
  return Math.hypot(...row(a, i).map((value, k) => value - other[k]));
}

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('nearest-neighbor distances', () => {
  it('match a naive search across several blocks', async () => {
    const [patches, bank] = [randomPatches(1500, 12, 1), randomPatches(90, 12, 2)];
    const distances = await distancesToNearest(patches, bank, graphs, execution);
    for (const i of [0, 1, 700, 1023, 1024, 1499]) {
      const naive = Math.min(...range(90).map((j) => distanceBetween(patches, i, bank, j)));
      expect(distances[i]).toBeCloseTo(naive, 5);
    }
  });

  it('are exactly 0 for patches of the bank', async () => {
    const patches = randomPatches(40, 64, 5);
    expect(
      Math.max(...(await distancesToNearest(patches, gatherRows(patches, range(40)), graphs, execution))),
    ).toBe(0);
  });

  it('come from the graph that its definition builds', () => {
    const file = readFileSync(new URL('../../../models/nn_search.onnx', import.meta.url));
    expect(Buffer.compare(file, buildNnSearch())).toBe(0);
  });
});

describe('the anomaly map of PatchCore', () => {
  it('is highest around the position that resembles nothing in the bank', async () => {
    const { values } = randomPatches(2, 20 * 24, 9);
    const features = { values: values.slice(), channels: 2, height: 20, width: 24 };
    const bank = aggregateNeighborhood({ ...features, values });
    features.values[5 * 24 + 17] += 5;
    const extraction = { features, extentHeight: 160, extentWidth: 192 };
    const map = await patchcoreMap(extraction, bank, graphs, execution);
    const peak = map.values.indexOf(Math.max(...map.values));
    // Aggregation spreads it over a neighborhood of 3 x 3.
    expect([Math.abs(Math.floor(peak / 24) - 5), Math.abs((peak % 24) - 17)].every((off) => off <= 1)).toBe(
      true,
    );
    expect(map.values[0]).toBe(0);
  });
});
