import { Command, Option } from 'commander';
import { PerchError } from '../../../common/api/errors.ts';
import { readInputFile } from '../../../files/read.ts';
import { writeFileAtomic } from '../../../files/write.ts';
import { readNpy, writeNpy } from '../../../common/maps/npy.ts';
import type { FeatureMap, Isa } from '../../../methods/types.ts';
import { tellLongOnes } from '../progress/slow-warning.ts';
import { secondsByStage } from '../output/stage-seconds.ts';
import {
  parameterOptions,
  type ParameterOptions,
  parametersGiven,
  patchOption,
  referenceOption,
  statisticOption,
} from '../options/shared-options.ts';
import { withEngine } from '../with-engine.ts';

interface StatisticOptions extends ParameterOptions {
  statistic: string;
  reference?: string;
  patchSize: number;
  isa: Isa | 'auto';
  out: string;
}

export function statisticCommand(): Command {
  const command = new Command('statistic')
    .description('compute the anomaly map of features that you bring: C x H x W in, H x W out, both NPY')
    .argument('<features>', 'NPY file: float32 (or float64), C x H x W; channels scaled alike')
    .addOption(statisticOption())
    .addOption(referenceOption())
    .addOption(patchOption());
  for (const option of parameterOptions()) command.addOption(option);
  return command
    .addOption(
      new Option('--isa <path>', 'code path of the native core')
        .choices(['auto', 'avx512', 'avx2', 'portable'])
        .default('auto'),
    )
    .requiredOption('--out <file>', 'NPY file to write')
    .addHelpText(
      'after',
      `
Examples:
  perch statistic features.npy --out map.npy
  perch statistic features.npy --statistic fca --patch-size 25 --sigma-p 5 --sigma-s 2 --out map.npy
  perch statistic features.npy --statistic sww --reference random:10:7 --out map.npy
  perch statistic features.npy --statistic aota --reference knn:400 --out map.npy`,
    )
    .action(run);
}

async function run(path: string, options: StatisticOptions): Promise<void> {
  const { statistic, reference, isa, out } = options;
  const features = featureMap(path, await readInputFile(path));
  await withEngine(async (engine, signal) => {
    const parameters = { ...parametersGiven(options), patchSize: options.patchSize };
    const request = { features, statistic, reference, parameters, isa };
    const onProgress = tellLongOnes();
    const { values, seconds } = await engine.request('score', request, { signal, onProgress });
    await writeFileAtomic(out, writeNpy({ shape: [features.height, features.width], values }));
    process.stdout.write(`${out}  ${features.height} x ${features.width}  ${secondsByStage(seconds)}\n`);
  });
}

function featureMap(path: string, bytes: Uint8Array): FeatureMap {
  const { shape, values } = readNpy(bytes, path);
  // Networks in Python often leave the batch of one in front.
  const [channels, height, width] = shape.length === 4 && shape[0] === 1 ? shape.slice(1) : shape;
  if (
    shape.length < 3 ||
    shape.length > 4 ||
    values.length !== channels * height * width ||
    values.length === 0
  ) {
    throw new PerchError(
      'INVALID_NPY',
      `${path} has the shape (${shape.join(', ')}); features are C x H x W.`,
    );
  }
  return { values, channels, height, width };
}
