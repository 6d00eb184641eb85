import type { ValueRange } from '../maps/value-range.ts';
import { ticks } from './ticks.ts';

/** The size of a chart in pixels. */
export interface Size {
  width: number;
  height: number;
}

/** The rectangle of a chart in which values are drawn, and the values that it spans. */
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

/** The value along x at a place of the chart, at most that of the plot's ends. */
export function valueAt({ left, right, x }: Plot, place: number): number {
  const fraction = (place - left) / (right - left);
  return x.low + Math.min(Math.max(fraction, 0), 1) * (x.high - x.low);
}

/** The two axes. */
export function axesOf({ left, top, right, bottom }: Plot): string {
  return `<path class="axis" d="M${left} ${top}V${bottom}H${right}"/>`;
}

/** Values named below the plot, with lines of the grid; `most` steps at most. */
export function columnsOf(plot: Plot, most: number): string {
  const { top, bottom } = plot;
  return ticks(plot.x, most)
    .map(({ value, label }) => {
      const at = round(xAt(plot, value));
      return `<path class="grid" d="M${at} ${top}V${bottom}"/><text x="${at}" y="${bottom + 12}" text-anchor="middle">${label}</text>`;
    })
    .join('');
}

/** A value named beside the plot at the height `y`, with its line of the grid. */
export function rung({ left, right }: Plot, y: number, label: string): string {
  const at = round(y);
  return `<path class="grid" d="M${left} ${at}H${right}"/><text x="${left - 5}" y="${round(at + 3.5)}" text-anchor="end">${label}</text>`;
}

/** Places are told to a tenth of a pixel. */
export const round = (place: number): number => Math.round(place * 10) / 10;
