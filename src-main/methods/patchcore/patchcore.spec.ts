import { describe, expect, it } from 'vitest';
import { mulberry32 } from '../prng.ts';
import { coreset } from './coreset.ts';
import { aggregateNeighborhood, type Patches } from './patches.ts';

const execution = { threads: 1 };

function randomPatches(count: number, length: number, seed: number): Patches {
  return { values: Float32Array.from({ length: count * length }, mulberry32(seed)), count, length };
}

function distanceBetween(a: Patches, i: number, b: Patches, j: number): number {
  const row = ({ values, length }: Patches, index: number) => [
    ...values.subarray(index * length, (index + 1) * length),
  ];
  const other = row(b, j);
  return Math.hypot(...row(a, i).map((value, k) => value - other[k]));
}

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('locally aware patches', () => {
  it('are means of 3 x 3 positions, fewer at the border', () => {
    const values = new Float32Array([1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60]);
    const {
      values: patches,
      count,
      length,
    } = aggregateNeighborhood({ values, channels: 2, height: 2, width: 3 });
    expect([count, length]).toEqual([6, 2]);
    expect([...patches.subarray(0, 4)]).toEqual([3, 30, 3.5, 35]);
  });
});

describe('the coreset', () => {
  it('starts with one vector of each of three distant clusters', async () => {
    const values = Float32Array.from({ length: 60 }, (_, i) => (Math.floor(i / 2) % 3) * 10 + (i % 7) / 100);
    const chosen = await coreset({ values, count: 30, length: 2 }, 3, execution);
    expect([...chosen].map((i) => i % 3).sort()).toEqual([0, 1, 2]);
  });

  it('continues like the naive greedy algorithm', async () => {
    // Points in a plane, embedded in long vectors, so that distances depend on the last block.
    const plane = randomPatches(80, 2, 7).values;
    const values = Float32Array.from({ length: 80 * 20 }, (_, i) =>
      i % 20 === 0 || i % 20 === 19 ? plane[2 * Math.floor(i / 20) + Number(i % 20 === 19)] : 0,
    );
    const patches = { values, count: 80, length: 20 };
    const chosen = [...(await coreset(patches, 20, execution))];
    for (let n = 1; n < chosen.length; n++) {
      const gap = (i: number) =>
        Math.min(...chosen.slice(0, n).map((c) => distanceBetween(patches, i, patches, c)));
      // The first choices are also limited by the distance to the random starting points.
      if (n < 8) continue;
      expect(gap(chosen[n])).toBeCloseTo(Math.max(...range(80).map(gap)), 5);
    }
  });

  it('stops when all remaining vectors equal a chosen one', async () => {
    const values = Float32Array.from({ length: 24 }, (_, i) => (i < 12 ? 0.5 : 0.25));
    expect(await coreset({ values, count: 8, length: 3 }, 8, execution)).toHaveLength(2);
    const equal = { values: values.subarray(0, 12), count: 4, length: 3 };
    expect([...(await coreset(equal, 4, execution))]).toEqual([0]);
  });

  it('separates clusters of long vectors after projection', async () => {
    const { values } = randomPatches(40, 300, 3);
    const clustered = values.map((value, i) => value * 0.01 + (Math.floor(i / 300) % 4));
    const chosen = await coreset({ values: clustered, count: 40, length: 300 }, 4, execution);
    expect([...chosen].map((i) => i % 4).sort()).toEqual([0, 1, 2, 3]);
  });
});
