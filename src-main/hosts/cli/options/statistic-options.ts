import { Option } from 'commander';
import { formatUsage } from '../../../common/api/component-spec.ts';
import { availableExtractors, references, statistics } from '../../../methods/registry.ts';
import { comparisons } from '../../../methods/set-statistics/registry.ts';
import { defaultMethod } from '../../../services/methods/method-options.ts';
import { positiveInteger } from './parsers.ts';

const namesOf = (family: readonly { name: string }[]) => family.map(({ name }) => name).join(', ');

export const extractorOption = () =>
  new Option(
    '--extractor <name>',
    `feature extractor: ${namesOf(availableExtractors())} (random:SEED sets its seed)`,
  ).default(defaultMethod.extractor);

export const statisticOption = () =>
  new Option('--statistic <name>', `patch statistic: ${namesOf(statistics)}`).default(
    defaultMethod.statistic,
  );

export const referenceOption = () =>
  new Option(
    '--reference <name>',
    `patches to compare with: ${references.map(formatUsage).join(', ')} (default: depends on the statistic)`,
  );

const PATCH_SIZE = 'patch size in feature positions: odd, 3 to 31; for images also auto, by image size';

/** The statistic of features: a patch statistic, or a comparison with other images. */
export const featureStatisticOption = () =>
  new Option(
    '--statistic <name>',
    `patch statistic: ${namesOf(statistics)}; or comparison with other images: ${namesOf(comparisons)}`,
  ).default(defaultMethod.statistic);

/** The patch size of a method: a number or `auto`. */
export const patchSizeOption = () =>
  new Option('--patch-size <T>', PATCH_SIZE)
    .default(defaultMethod.patchSize)
    .argParser((text) => (text === 'auto' ? text : positiveInteger(text)));

/** The patch size for features, which belong to no image. Without a default, because comparisons refuse it. */
export const featurePatchSizeOption = () =>
  new Option('--patch-size <T>', PATCH_SIZE).argParser(positiveInteger);
