import { Command, Option } from 'commander';
import { PerchError } from '../../../common/api/errors.ts';
import { readNpy, writeNpy } from '../../../common/maps/npy.ts';
import { readInputFile } from '../../../files/read.ts';
import { writeFileAtomic } from '../../../files/write.ts';
import type { FeatureMap, Isa } from '../../../methods/types.ts';
import { givenParameters, parameterOptions } from '../options/parameter-options.ts';
import { featurePatchSizeOption, referenceOption, statisticOption } from '../options/statistic-options.ts';
import { displayPath } from '../output/display-path.ts';
import { printLine } from '../output/print.ts';
import { formatStageSeconds } from '../output/stage-seconds.ts';
import { warnIfSlow } from '../progress/slow-warning.ts';
import { type CommandContext, runCommand } from '../run-command.ts';

interface ScoreOptions {
  statistic: string;
  reference?: string;
  patchSize: number;
  simd: Isa | 'auto';
  out: string;
}

export function scoreCommand(): Command {
  const command = new Command('score')
    .description('Compute the anomaly map of a feature map: C x H x W in, H x W out, both as NPY.')
    .summary('compute the anomaly map of a feature map')
    .argument('<features>', 'NPY file: float32 or float64, C x H x W, all channels on one scale')
    .requiredOption('--out <file>', 'NPY file to write')
    .addOption(statisticOption())
    .addOption(referenceOption())
    .addOption(featurePatchSizeOption());
  for (const option of parameterOptions()) command.addOption(option);
  return command
    .addOption(
      new Option('--simd <name>', 'code path of the native core')
        .choices(['auto', 'avx512', 'avx2', 'neon', 'portable'])
        .default('auto'),
    )
    .addHelpText(
      'after',
      `
Examples:
  perch score features.npy --out map.npy
  perch score features.npy --statistic fca --patch-size 25 --patch-sigma 5 --smoothing-sigma 2 --out map.npy
  perch score features.npy --statistic sww --reference random:10:7 --out map.npy
  perch score features.npy --statistic aota --reference knn:400 --out map.npy`,
    )
    .action((path: string, options: ScoreOptions) => runCommand((context) => score(path, options, context)));
}

async function score(path: string, options: ScoreOptions, { engine, signal }: CommandContext): Promise<void> {
  const { statistic, reference, patchSize, simd: isa, out } = options;
  const features = parseFeatures(path, await readInputFile(path));
  const parameters = { ...givenParameters(options), patchSize };
  const request = { features, statistic, reference, parameters, isa };
  const { values, seconds } = await engine.request('score', request, { signal, onProgress: warnIfSlow() });
  await writeFileAtomic(out, writeNpy({ shape: [features.height, features.width], values }));
  printLine(`${displayPath(out)}  ${features.height} x ${features.width}  ${formatStageSeconds(seconds)}`);
}

function parseFeatures(path: string, bytes: Uint8Array): FeatureMap {
  const { shape, values } = readNpy(bytes, path);
  // Exports of PyTorch models often keep a batch dimension of 1.
  const [channels, height, width] = shape.length === 4 && shape[0] === 1 ? shape.slice(1) : shape;
  if (
    shape.length < 3 ||
    shape.length > 4 ||
    values.length !== channels * height * width ||
    values.length === 0
  ) {
    throw new PerchError(
      'INVALID_NPY',
      `${path} has the shape (${shape.join(', ')}). Features must be C x H x W.`,
    );
  }
  return { values, channels, height, width };
}
