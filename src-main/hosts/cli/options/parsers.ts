import { InvalidArgumentError } from 'commander';

/** Parses a whole number of at least 1. */
export function positiveInteger(text: string): number {
  const value = integer(text);
  if (value < 1) throw new InvalidArgumentError('Must be a whole number above 0.');
  return value;
}

/** Parses a whole number of at least 0. */
export function nonNegativeInteger(text: string): number {
  const value = integer(text);
  if (value < 0) throw new InvalidArgumentError('Must be a whole number, 0 or more.');
  return value;
}

/** Parses a number of at least 0. */
export function nonNegativeNumber(text: string): number {
  const value = finiteNumber(text);
  if (value < 0) throw new InvalidArgumentError('Must be a number, 0 or more.');
  return value;
}

/** A length on an image. */
export interface Length {
  value: number;
  unit: 'px' | 'mm';
}

/** Parses a length of at least 0, in pixels if no unit is given: "16", "16px", "2.5mm". */
export function length(text: string): Length {
  const [, number = '', unit = 'px'] = /^(.*?)\s*(px|mm)?$/.exec(text.trim()) ?? [];
  const value = Number(number);
  if (number.trim() === '' || !(value >= 0 && value < Infinity))
    throw new InvalidArgumentError('Must be a number, 0 or more, in px or mm, as in 16 or 2.5mm.');
  return { value, unit: unit as Length['unit'] };
}

/** Parses a finite number. */
export function finiteNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('Must be a number.');
  return value;
}

/** Parses a number above 0 and at most 1. */
export function fraction(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1)) throw new InvalidArgumentError('Must be above 0 and at most 1.');
  return value;
}

/** Parses a number from 0 to 100. */
export function percentage(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 100))
    throw new InvalidArgumentError('Must be a number from 0 to 100.');
  return value;
}

/** Parses three numbers: "0.485,0.456,0.406". */
export function triple(text: string): [number, number, number] {
  const values = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (values.length !== 3 || !values.every(Number.isFinite))
    throw new InvalidArgumentError('Must be three numbers, as in 0.485,0.456,0.406.');
  return [values[0], values[1], values[2]];
}

/** Parses three numbers above 0. */
export function positiveTriple(text: string): [number, number, number] {
  const values = triple(text);
  if (!values.every((value) => value > 0)) throw new InvalidArgumentError('Each number must be above 0.');
  return values;
}

/** Parses the size of an image: a side, or HEIGHTxWIDTH. */
export function imageSize(text: string): { height: number; width: number } {
  const [, height, width = height] = /^(\d{1,5})(?:x(\d{1,5}))?$/i.exec(text) ?? [];
  const size = { height: Number(height), width: Number(width) };
  if (size.height >= 1 && size.width >= 1) return size;
  throw new InvalidArgumentError('Must be a side in pixels, or HEIGHTxWIDTH, as in 256 or 256x320.');
}

/** Parses names separated by commas. */
export function commaSeparated(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) throw new InvalidArgumentError('Must be names separated by commas, as in 5,8,11.');
  return names;
}

/** Collects the values of an option that can be repeated. */
export function collect(value: string, previous: string[] | undefined): string[] {
  return [...(previous ?? []), value];
}

function integer(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value))
    throw new InvalidArgumentError('Must be a whole number.');
  return value;
}
