import { writeFileSync } from 'node:fs';
import { makeGabor } from './gabor.ts';
import { makeLaws } from './laws.ts';
import { makeNearest } from './nearest.ts';
import { makeRandom } from './random.ts';
import { makeSteerable } from './steerable.ts';

// Writes the models that are ours, beside this file: `node models/make.ts`.
const models = {
  gabor: makeGabor,
  laws: makeLaws,
  nearest: makeNearest,
  random: makeRandom,
  steerable: makeSteerable,
};
for (const [name, make] of Object.entries(models)) {
  writeFileSync(new URL(`./${name}.onnx`, import.meta.url), make());
}
