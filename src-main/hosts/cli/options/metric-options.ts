import { Option } from 'commander';
import { fraction, nonNegativeInteger } from './parsers.ts';

/** @param description includes the default */
export const ignoreBorderOption = (description: string) =>
  new Option('--ignore-border <N>', description).argParser(nonNegativeInteger);

export const proFprLimitOption = () =>
  new Option('--pro-fpr-limit <x>', 'false positive rate up to which AUPRO integrates')
    .default(0.3)
    .argParser(fraction);
