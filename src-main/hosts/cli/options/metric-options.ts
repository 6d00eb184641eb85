import { InvalidArgumentError, Option } from 'commander';

/** @param what what is cut, and where from */
export const ignoreBorderOption = (what: string) => new Option('--ignore-border <N>', what).argParser(pixels);

export const proLimitOption = () =>
  new Option('--pro-fpr-limit <x>', 'false positive rate up to which AUPRO integrates')
    .default(0.3)
    .argParser(rate);

function pixels(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < 0)
    throw new InvalidArgumentError('It must be a whole number, 0 or more.');
  return value;
}

function rate(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1)) throw new InvalidArgumentError('It must be above 0 and at most 1.');
  return value;
}
