import os from 'node:os';
import { codePaths, defaultBackend } from '../backend/default-backend.ts';
import { mulberry32 } from '../prng.ts';
import { referenceFor, statistics } from '../registry.ts';
import { parametersFor } from '../statistics/statistic.ts';
import type { FeatureMap } from '../types.ts';
import { secondsFor } from './compute-cost.ts';

// Compares the cost model with timings on this machine: `node src-main/methods/cost-model/check-costs.ts`.
// Prints measured and modeled seconds for every statistic and reference. Refit the OPS_PER_... constants of `patch-costs.ts` if
// a ratio is not between 1/3 and 3 on an idle machine. Takes a few minutes.

/** The fastest run counts, because other processes only make runs slower. */
const RUNS = 3;

const SIZES = [
  { channels: 32, side: 64, patchSize: 9 },
  { channels: 64, side: 96, patchSize: 9 },
  { channels: 32, side: 64, patchSize: 15 },
];

const isa = codePaths[0];
const threads = os.availableParallelism();

function randomFeatures(channels: number, side: number): FeatureMap {
  const values = Float32Array.from({ length: channels * side * side }, mulberry32(1));
  return { values, channels, height: side, width: side };
}

console.log(`Code path ${isa}, ${threads} threads`);
for (const { channels, side, patchSize } of SIZES) {
  console.log(`\n${channels} x ${side} x ${side} features, T = ${patchSize}`);
  const features = randomFeatures(channels, side);
  for (const statistic of statistics) {
    for (const spec of statistic.references) {
      const reference = referenceFor(statistic, spec);
      const parameters = parametersFor(statistic, { patchSize });
      let measured = Infinity;
      for (let run = 0; run < RUNS; run++) {
        const start = performance.now();
        const selection = await reference.select({ features, patchSize }, defaultBackend, { threads });
        await statistic.compute(features, selection, parameters, defaultBackend, { threads });
        measured = Math.min(measured, (performance.now() - start) / 1000);
      }
      const modeled = secondsFor(statistic.cost(features, reference.size, parameters), isa, threads);
      const columns = [measured, modeled, measured / modeled].map((value) =>
        value.toPrecision(3).padStart(9),
      );
      console.log(`${`${statistic.name}, ${spec}`.padEnd(20)}${columns.join(' ')}`);
    }
  }
}
