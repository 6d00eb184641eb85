import { Command, Option } from 'commander';
import { PerchError } from '../../../common/api/errors.ts';
import { DEFAULT_PATCH_SIZE } from '../../../common/api/patch-size.ts';
import { writeNpy } from '../../../common/maps/npy.ts';
import type { StageSeconds } from '../../../engine/protocol/data-types.ts';
import { writeFileAtomic } from '../../../files/write.ts';
import { comparisonNamed, isComparison } from '../../../methods/set-statistics/registry.ts';
import type { Isa } from '../../../methods/types.ts';
import { optionName } from '../options/option-name.ts';
import { givenParameters, parameterOptions } from '../options/parameter-options.ts';
import {
  featurePatchSizeOption,
  featureStatisticOption,
  referenceOption,
} from '../options/statistic-options.ts';
import { displayPath } from '../output/display-path.ts';
import { printLine } from '../output/print.ts';
import { formatStageSeconds } from '../output/stage-seconds.ts';
import { warnIfSlow } from '../progress/slow-warning.ts';
import { type CommandContext, runCommand } from '../run-command.ts';
import { type Features, imageOf, readFeatures } from './score-features.ts';

interface ScoreOptions {
  statistic: string;
  reference?: string;
  patchSize?: number;
  normal?: string;
  simd: Isa | 'auto';
  out: string;
}

export function scoreCommand(): Command {
  const command = new Command('score')
    .description(
      'Compute the anomaly map of a feature map: C x H x W in, H x W out; or of the feature maps of several images: N x C x H x W ' +
        'in, N x H x W out. All are NPY files.',
    )
    .summary('compute the anomaly maps of feature maps')
    .argument(
      '<features>',
      'NPY file: float32 or float64, C x H x W or N x C x H x W, all channels on one scale',
    )
    .requiredOption('--out <file>', 'NPY file to write')
    .addOption(featureStatisticOption())
    .addOption(referenceOption())
    .addOption(featurePatchSizeOption())
    .option('--normal <file>', 'nearest, subspace: NPY file with the features of normal images');
  for (const option of parameterOptions()) command.addOption(option);
  return command
    .addOption(
      new Option('--simd <name>', 'code path of the core')
        .choices(['auto', 'avx512', 'avx2', 'neon', 'portable', 'wasm'])
        .default('auto'),
    )
    .addHelpText(
      'after',
      `
The patch size is ${DEFAULT_PATCH_SIZE} by default.

Examples:
  perch score features.npy --out map.npy
  perch score features.npy --statistic fca --patch-size 25 --patch-sigma 5 --smoothing-sigma 2 --out map.npy
  perch score features.npy --statistic sww --reference random:10:7 --out map.npy
  perch score features.npy --statistic aota --reference knn:400 --out map.npy
  perch score features.npy --statistic nearest --normal normal.npy --out map.npy
  perch score set.npy --statistic mutual --neighborhoods 5 --out maps.npy`,
    )
    .action((path: string, options: ScoreOptions) => runCommand((context) => score(path, options, context)));
}

async function score(path: string, options: ScoreOptions, context: CommandContext): Promise<void> {
  const features = await readFeatures(path);
  const compute = isComparison(options.statistic) ? compareImages : scoreImages;
  const { values, seconds } = await compute(features, options, context);
  const { height, width, count } = features;
  // Exports of PyTorch models often keep a batch dimension of 1, which patch statistics do not need.
  const shape = count === 1 && !isComparison(options.statistic) ? [height, width] : features.shape;
  await writeFileAtomic(options.out, writeNpy({ shape, values }));
  printLine(`${displayPath(options.out)}  ${shape.join(' x ')}  ${formatStageSeconds(seconds)}`);
}

interface Outcome {
  values: Float32Array;
  seconds: StageSeconds;
}

/** Computes a patch statistic of each image. */
async function scoreImages(
  features: Features,
  options: ScoreOptions,
  { engine, signal }: CommandContext,
): Promise<Outcome> {
  const { statistic, reference, patchSize = DEFAULT_PATCH_SIZE, simd: isa, normal } = options;
  if (normal !== undefined) refuse(statistic, 'normal', 'nearest and subspace compare with normal images');
  const parameters = { ...givenParameters(options), patchSize };
  const values = new Float32Array(features.count * features.height * features.width);
  const seconds: StageSeconds = {};
  for (let at = 0; at < features.count; at++) {
    const request = { features: imageOf(features, at), statistic, reference, parameters, isa };
    const map = await engine.request('score', request, { signal, onProgress: warnIfSlow() });
    values.set(map.values, at * map.values.length);
    for (const [stage, time] of Object.entries(map.seconds)) {
      seconds[stage as keyof StageSeconds] = (seconds[stage as keyof StageSeconds] ?? 0) + time;
    }
  }
  return { values, seconds };
}

/** Compares the images with normal ones or with each other. */
async function compareImages(
  { shape: _, ...features }: Features,
  options: ScoreOptions,
  { engine, signal }: CommandContext,
): Promise<Outcome> {
  const { statistic, reference, patchSize, simd: isa, normal } = options;
  if (reference !== undefined) refuse(statistic, 'reference', 'it has no patches');
  if (patchSize !== undefined) refuse(statistic, 'patchSize', 'it has no patches');
  const { otherImages } = comparisonNamed(statistic);
  if (otherImages === 'set') {
    if (normal !== undefined) refuse(statistic, 'normal', 'it compares the images of one set');
    if (features.count < 2) {
      throw new PerchError(
        'INVALID_ARGUMENT',
        `"${statistic}" compares images with each other, but the file has one. It needs N x C x H x W with N of at least 2.`,
      );
    }
  }
  if (otherImages === 'normal' && normal === undefined) {
    throw new PerchError(
      'INVALID_ARGUMENT',
      `"${statistic}" compares with normal images. Give the file of their features with --normal FILE.`,
    );
  }
  const others = normal === undefined ? undefined : await readFeatures(normal);
  const request = {
    features,
    ...(others && { normal: others }),
    comparison: statistic,
    parameters: givenParameters(options),
    isa,
  };
  return engine.request('scoreSet', request, { signal, onProgress: warnIfSlow() });
}

function refuse(statistic: string, option: string, reason: string): never {
  throw new PerchError(
    'INVALID_ARGUMENT',
    `The statistic "${statistic}" does not support ${optionName(option)}: ${reason}.`,
  );
}
