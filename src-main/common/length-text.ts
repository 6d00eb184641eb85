export const unitSystems = ['mm', 'inch'] as const;
export type UnitSystem = (typeof unitSystems)[number];

export const MM_PER_INCH = 25.4;

/** A unit of length, with its number of millimeters. */
const UNITS = { mm: 1, cm: 10, m: 1000, in: MM_PER_INCH, ft: 12 * MM_PER_INCH, yd: 36 * MM_PER_INCH };
export type LengthUnit = keyof typeof UNITS;

/** The unit of sizes of regions, which tables and exports use for all rows. */
export const sizeUnit = (system: UnitSystem): 'mm' | 'in' => (system === 'mm' ? 'mm' : 'in');

/** Converts millimeters. */
export const toUnit = (millimeters: number, unit: LengthUnit): number => millimeters / UNITS[unit];

/** Converts to millimeters. */
export const toMillimeters = (length: number, unit: LengthUnit): number => length * UNITS[unit];

/** Converts square millimeters. */
export const toSquareUnit = (squareMillimeters: number, unit: LengthUnit): number =>
  squareMillimeters / UNITS[unit] ** 2;

/** Formats a length in the unit that fits it: "4.25 mm", "12.5 cm", "3.20 m"; "0.17 in", "2.40 yd". */
export function formatLength(millimeters: number, system: UnitSystem): string {
  const size = Math.abs(millimeters);
  const metric = size < 100 ? 'mm' : size < 1000 ? 'cm' : 'm';
  const unit = system === 'mm' ? metric : size < UNITS.yd ? 'in' : 'yd';
  return `${digits(toUnit(millimeters, unit))} ${unit}`;
}

/** Formats an area in the unit that fits it: "18.1 mm²", "4.20 cm²", "1.50 m²"; "0.03 in²", "2.00 yd²". */
export function formatArea(squareMillimeters: number, system: UnitSystem): string {
  const metric = squareMillimeters < 1000 ? 'mm' : squareMillimeters < 1e5 ? 'cm' : 'm';
  const unit = system === 'mm' ? metric : squareMillimeters < UNITS.yd ** 2 ? 'in' : 'yd';
  return `${digits(toSquareUnit(squareMillimeters, unit))} ${unit}²`;
}

/** Three significant digits, and at least all digits before the point and two behind it from 0.1. */
function digits(value: number): string {
  const size = Math.abs(value);
  if (size >= 0.1) return value.toFixed(size < 9.995 ? 2 : size < 99.95 ? 1 : 0);
  return size === 0 ? '0' : String(Number(value.toPrecision(2)));
}

const TEXT = /^([\d.,]+)\s*(mm|cm|m|in|inch|inches|"|ft|yd)$/i;

/** Reads a length with its unit: "12.5 mm", "3,2cm", "2 in", `2"`. @returns millimeters; undefined if it is not a length */
export function parseLength(text: string): number | undefined {
  const match = TEXT.exec(text.trim());
  if (!match) return undefined;
  const value = Number(match[1].replace(',', '.'));
  const name = match[2].toLowerCase();
  const unit = /^(in|")/.test(name) ? 'in' : (name as LengthUnit);
  return value > 0 ? toMillimeters(value, unit) : undefined;
}
