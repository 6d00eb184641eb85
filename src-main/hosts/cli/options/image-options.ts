import { InvalidArgumentError, Option } from 'commander';
import type { BitDepthChoice } from '../../../common/api/datasets.ts';
import { providerChoice } from '../../../common/api/schemas.ts';
import { DEFAULT_MAX_PIXELS } from '../../../services/inspections/max-pixels.ts';
import { positiveInteger } from './parsers.ts';

export const resizeOption = () =>
  new Option('--resize <N>', 'resize images to N x N pixels first').argParser(positiveInteger);

export const maxPixelsOption = () =>
  new Option('--max-pixels <N>', 'refuse images with more pixels')
    .default(DEFAULT_MAX_PIXELS)
    .argParser(positiveInteger);

export const bitDepthOption = () =>
  new Option(
    '--bit-depth <N>',
    'bits used by the values of 16-bit files, 8 to 16 (default: detected)',
  ).argParser(bitDepth);

/** As `bitDepthOption`, for a dataset, which stores the choice. */
export const datasetBitDepthOption = () =>
  new Option(
    '--bit-depth <N>',
    'bits used by the values of 16-bit files, 8 to 16, or auto; stored with the dataset (default: auto)',
  ).argParser((text): BitDepthChoice => (text === 'auto' ? 'auto' : bitDepth(text)));

export const providerOption = () =>
  new Option(
    '--provider <name>',
    'device that runs extractors, and statistics if it is cuda; the CPU if it is not available',
  )
    .choices(providerChoice.options)
    .default('auto');

function bitDepth(text: string): number {
  const bits = positiveInteger(text);
  if (bits < 8 || bits > 16) throw new InvalidArgumentError('Must be a whole number from 8 to 16.');
  return bits;
}
