import { InvalidArgumentError, Option } from 'commander';
import { scaleChoice } from '../../../common/api/scale.ts';
import { parseLength } from '../../../common/length-text.ts';
import { type ScaleChoice, scaleChoiceOf } from '../../../common/scale.ts';

export const scaleOption = (description = 'scale of the images: a number, or ACROSSxALONG') =>
  new Option('--mm-per-pixel <x>', description).argParser(parseScale);

/** Parses millimeters per pixel: "0.1", or across and along "0.1x0.2". */
export function parseScale(text: string): ScaleChoice {
  const parts = text.split('x').map((part) => (part.trim() === '' ? NaN : Number(part)));
  const [across, along = across] = parts;
  const { data } = scaleChoice.safeParse(scaleChoiceOf({ across, along }));
  if (parts.length > 2 || data === undefined)
    throw new InvalidArgumentError('Must be a number above 0, or ACROSSxALONG, as in 0.1 or 0.1x0.12.');
  return data;
}

/** Parses a length that was measured over pixels: "25.4mm=312", "1in=96". @returns millimeters per pixel */
export function parseMeasurement(text: string): number {
  const [length, pixels, ...rest] = text.split('=');
  const millimeters = parseLength(length);
  const measured = millimeters === undefined ? NaN : millimeters / Number(pixels);
  if (rest.length > 0 || !scaleChoice.safeParse(measured).success)
    throw new InvalidArgumentError('Must be LENGTH=PIXELS, as in 25.4mm=312 or 1in=96.');
  return measured;
}
