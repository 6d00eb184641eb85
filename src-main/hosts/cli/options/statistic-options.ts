import { Option } from 'commander';
import { formatUsage } from '../../../common/api/component-spec.ts';
import { availableExtractors, references, statistics } from '../../../methods/registry.ts';
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

export const patchSizeOption = () =>
  new Option(
    '--patch-size <T>',
    'patch size in feature positions: odd, 3 to 31; or auto, which depends on the image size',
  )
    .default(defaultMethod.patchSize)
    .argParser((text) => (text === 'auto' ? text : positiveInteger(text)));
