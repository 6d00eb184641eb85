import { Option } from 'commander';
import { DEFAULT_PRO_FPR_LIMIT } from '../../../common/api/pro-limit.ts';
import { fraction, nonNegativeInteger } from './parsers.ts';

/** @param description includes the default */
export const ignoreBorderOption = (description: string) =>
  new Option('--ignore-border <N>', description).argParser(nonNegativeInteger);

export const proFprLimitOption = () =>
  new Option('--pro-fpr-limit <x>', 'false positive rate up to which AUPRO integrates')
    .default(DEFAULT_PRO_FPR_LIMIT)
    .argParser(fraction);
