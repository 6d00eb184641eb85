import { writeFileSync } from 'node:fs';
import {
  buildGabor,
  buildGabor67,
  buildGabor67Completion,
  buildGabor67Constants,
  buildGabor67Local,
  buildGabor67Means,
  buildGaborCompletion,
  buildGaborConstants,
  buildGaborLocal,
  buildGaborMeans,
} from './gabor.ts';
import { buildLaws } from './laws.ts';
import { buildNnSearch } from './nn-search.ts';
import { buildRandom } from './random.ts';
import { buildSteerable, buildUnscaledSteerable } from './steerable.ts';

// Builds the embedded graphs and writes them to this folder: `node models/build-models.ts`.
const builders = {
  gabor: buildGabor,
  gabor67: buildGabor67,
  gabor67_completion: buildGabor67Completion,
  gabor67_constants: buildGabor67Constants,
  gabor67_local: buildGabor67Local,
  gabor67_means: buildGabor67Means,
  gabor_completion: buildGaborCompletion,
  gabor_constants: buildGaborConstants,
  gabor_local: buildGaborLocal,
  gabor_means: buildGaborMeans,
  laws: buildLaws,
  nn_search: buildNnSearch,
  random: buildRandom,
  steerable: buildSteerable,
  steerable_unscaled: buildUnscaledSteerable,
};
for (const [name, build] of Object.entries(builders)) {
  writeFileSync(new URL(`./${name}.onnx`, import.meta.url), build());
}
