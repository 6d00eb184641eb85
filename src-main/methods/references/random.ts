import { mulberry32, sampleIndices } from '../prng.ts';
import { amongInside } from './patches-inside.ts';
import type { Reference } from './reference.ts';

/** Randomly drawn patches (paper, section 3.3 and Table 2). The score is the sum of the costs. */
export const random: Reference = {
  name: 'random',
  title: 'Random: patches drawn with a seed',
  parameters: [
    { name: 'count', default: 10, minimum: 1, maximum: 1_000_000 },
    { name: 'seed', default: 0, minimum: 0, maximum: 2 ** 32 - 1 },
  ],
  size: ([count]) => ({ kind: 'indices', count }),
  select(source, [count, seed]) {
    const { height, width } = source.features;
    const { among } = amongInside(source);
    const sampled = sampleIndices(among?.length ?? height * width, count, mulberry32(seed));
    const indices = among ? sampled.map((at) => among[at]) : sampled;
    return Promise.resolve({ kind: 'indices', indices });
  },
};
