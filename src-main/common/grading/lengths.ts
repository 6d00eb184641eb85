const MILLIMETERS = { mm: 1, cm: 10, m: 1000, in: 25.4, ft: 304.8, yd: 914.4 } as const;
const SQUARE_MILLIMETERS = { mm2: 1, cm2: 100, in2: 645.16 } as const;

/**
 * Lengths within this share of a limit are at the limit, so that 3 inches are 3 inches whether they come from 76.2 mm, from pixels
 * or from a resolution in a file. It is 0.8 micrometers at 3 inches, far below any pixel.
 */
const TOLERANCE = 1e-5;

/** A unit of length in which a rule counts. */
export type RollUnit = 'yd' | 'm';

/** Millimeters of one unit. */
export function unitLength(unit: RollUnit): number {
  return MILLIMETERS[unit];
}

/**
 * A rule's length in millimeters.
 *
 * @param written such as `3 in`, or `50 %`
 * @param whole what a percentage refers to, in millimeters
 */
export function millimeters(written: string, whole = NaN): number {
  const [number, unit] = written.split(' ');
  if (unit === '%') return (Number(number) / 100) * whole;
  return Number(number) * MILLIMETERS[unit as keyof typeof MILLIMETERS];
}

/** A rule's area in square millimeters, such as `4 mm2`. */
export function squareMillimeters(written: string): number {
  const [number, unit] = written.split(' ');
  return Number(number) * SQUARE_MILLIMETERS[unit as keyof typeof SQUARE_MILLIMETERS];
}

/** Whether a measured length or area is longer than a limit. A length at the limit does not exceed it. */
export function exceeds(measured: number, limit: number): boolean {
  return measured > limit * (1 + TOLERANCE);
}

/** Whether a measured length or area reaches a limit. */
export function reaches(measured: number, limit: number): boolean {
  return measured >= limit * (1 - TOLERANCE);
}

/** A length as text in inches or millimeters, as the rule's unit suggests; long ones in yards or meters. */
export function lengthText(length: number, unit: RollUnit): string {
  if (reaches(length, 2 * unitLength(unit))) return `${figure(length / unitLength(unit))} ${unit}`;
  return unit === 'yd' ? `${figure(length / MILLIMETERS.in)} in` : `${figure(length)} mm`;
}

/** A number with at most two decimals. */
export function figure(value: number): string {
  return String(Number(value.toFixed(2)));
}
