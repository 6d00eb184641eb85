import { escape } from './escape-xml.ts';
import type { Size } from './plot.ts';
import { sampleAt } from './series.ts';
import { chartStyle } from './style.ts';

/** What a line of the legend stands for. */
export interface LegendEntry {
  label: string;
  place: number;
}

const LINE = 18;
const MARGIN = 12;
const HEADING = 24;

/** A chart as a file of its own: an SVG on white with its styles, a heading above and the legend below. */
export function figure(
  heading: string,
  chart: string,
  { width, height }: Size,
  legend: readonly LegendEntry[] = [],
): string {
  const below = MARGIN + HEADING + height;
  const whole = { width: width + 2 * MARGIN, height: below + legend.length * LINE + MARGIN };
  const lines = legend.map(({ label, place }, at) => {
    const y = below + at * LINE + LINE / 2;
    return `${sampleAt(place, MARGIN + 40, y)}<text class="name" x="${MARGIN + 76}" y="${y + 4}">${escape(label)}</text>`;
  });
  const own = `text { font-family: system-ui, 'Noto Sans', sans-serif; font-size: 11px; } .heading { font-size: 14px; font-weight: 600; }`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${whole.width}" height="${whole.height}" viewBox="0 0 ${whole.width} ${whole.height}">`,
    `<style>${chartStyle}${own}</style><rect width="100%" height="100%" fill="#fff"/>`,
    `<text class="heading" x="${MARGIN}" y="${MARGIN + 12}">${escape(heading)}</text>`,
    `<g transform="translate(${MARGIN} ${MARGIN + HEADING})">${chart}</g>${lines.join('')}</svg>\n`,
  ].join('');
}
