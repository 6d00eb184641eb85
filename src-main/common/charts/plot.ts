import type { ValueRange } from '../maps/value-range.ts';
import { ticks } from './ticks.ts';

/** The rectangle of a chart in which values are drawn, in pixels, and the values that it spans. */
export interface Plot {
  left: number;
  top: number;
  right: number;
  bottom: number;
  x: ValueRange;
  y: ValueRange;
}

export const xAt = ({ left, right, x }: Plot, value: number): number =>
  left + ((value - x.low) / (x.high - x.low)) * (right - left);

export const yAt = ({ top, bottom, y }: Plot, value: number): number =>
  bottom - ((value - y.low) / (y.high - y.low)) * (bottom - top);

/** The x value at a horizontal pixel coordinate, clamped to the plot. */
export function valueAt({ left, right, x }: Plot, pixel: number): number {
  const fraction = (pixel - left) / (right - left);
  return x.low + Math.min(Math.max(fraction, 0), 1) * (x.high - x.low);
}

export function axes({ left, top, right, bottom }: Plot): string {
  return `<path class="axis" d="M${left} ${top}V${bottom}H${right}"/>`;
}

/** Vertical grid lines with labels below the plot, in at most `maxSteps` steps. */
export function verticalGrid(plot: Plot, maxSteps: number): string {
  const { top, bottom } = plot;
  return ticks(plot.x, maxSteps)
    .map(({ value, label }) => {
      const x = round(xAt(plot, value));
      return `<path class="grid" d="M${x} ${top}V${bottom}"/><text x="${x}" y="${bottom + 12}" text-anchor="middle">${label}</text>`;
    })
    .join('');
}

/** A horizontal grid line with its label at the left. */
export function horizontalGridLine({ left, right }: Plot, y: number, label: string): string {
  const line = round(y);
  return `<path class="grid" d="M${left} ${line}H${right}"/><text x="${left - 5}" y="${round(line + 3.5)}" text-anchor="end">${label}</text>`;
}

/** Rounds a pixel coordinate to tenths, which keeps SVG text short. */
export const round = (pixel: number): number => Math.round(pixel * 10) / 10;
