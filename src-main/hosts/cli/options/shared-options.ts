import { InvalidArgumentError, Option } from 'commander';
import type { BitDepthChoice } from '../../../common/api/datasets.ts';
import { notationOf } from '../../../common/api/component-spec.ts';
import { availableExtractors, references, statistics } from '../../../methods/registry.ts';
import { providerChoice } from '../../../common/api/schemas.ts';
import { DEFAULT_MAX_PIXELS } from '../../../services/inspections/limits.ts';
import { standardMethod } from '../../../services/method-choices.ts';
import { finiteNumber, wholeNumber } from './parsers.ts';

const known = (family: readonly { name: string }[]) => family.map(({ name }) => name).join(', ');

/** The options that several commands share; one way to say each thing. */
export const extractorOption = () =>
  new Option(
    '--extractor <name>',
    `feature extractor: ${known(availableExtractors())}; random:SEED for another seed than 0`,
  ).default(standardMethod.extractor);

export const statisticOption = () =>
  new Option('--statistic <name>', `patch statistic: ${known(statistics)}`).default(standardMethod.statistic);

export const referenceOption = () =>
  new Option(
    '--reference <name>',
    `what patches are compared with: ${references.map(notationOf).join(', ')}; the statistic's first by default`,
  );

export const patchOption = () =>
  new Option('--patch-size <T>', 'patch side in feature positions, odd, 3 to 31')
    .default(standardMethod.patchSize)
    .argParser(wholeNumber);

/** The statistics' own parameters, as options. */
export interface ParameterOptions {
  sigma?: number;
  sigmaP?: number;
  sigmaS?: number;
  bins?: number;
}

export const parameterOptions = () => [
  new Option(
    '--sigma <x>',
    'sww, moments, histogram (6), aota (100): spread of the weight in the patchSize',
  ).argParser(finiteNumber),
  new Option('--sigma-p <x>', 'fca: spread of the weight in the patch (3)').argParser(finiteNumber),
  new Option('--sigma-s <x>', 'fca: smoothing of the errors in the patchSize, 0 for none (1)').argParser(
    finiteNumber,
  ),
  new Option('--bins <N>', 'histogram: bins a channel, 2 to 256 (10)').argParser(wholeNumber),
];

/** Those parameters that were given; the statistic knows its defaults and refuses what is not its own. */
export function parametersGiven({ sigma, sigmaP, sigmaS, bins }: ParameterOptions): Record<string, number> {
  const given = Object.entries({ sigma, sigmaP, sigmaS, bins });
  return Object.fromEntries(given.filter((entry): entry is [string, number] => entry[1] !== undefined));
}

export const resizeOption = () =>
  new Option('--resize <N>', 'resize images to N x N pixels first').argParser(wholeNumber);

export const maxPixelsOption = () =>
  new Option('--max-pixels <N>', 'refuse images of more pixels')
    .default(DEFAULT_MAX_PIXELS)
    .argParser(wholeNumber);

export const bitDepthOption = () =>
  new Option('--bit-depth <N>', 'bits in use in 16-bit files, 8 to 16 (found from their values)').argParser(
    bitsOf,
  );

function bitsOf(text: string): number {
  const bits = wholeNumber(text);
  if (bits < 8 || bits > 16) throw new InvalidArgumentError('It is a whole number from 8 to 16.');
  return bits;
}

/** The same for a dataset, which keeps what was chosen. */
export const keptBitDepthOption = () =>
  new Option(
    '--bit-depth <N>',
    'bits in use in 16-bit files, 8 to 16, kept for later imports; auto finds them from the values of each class',
  ).argParser((text): BitDepthChoice => (text === 'auto' ? 'auto' : bitsOf(text)));

export const providerOption = () =>
  new Option('--provider <name>', 'what extractors run on; the CPU where it cannot be used')
    .choices(providerChoice.options)
    .default('auto');
