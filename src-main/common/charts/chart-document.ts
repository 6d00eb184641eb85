import type { Size } from '../geometry.ts';
import { escapeXml } from './escape-xml.ts';
import { lineSampleAt } from './series.ts';
import { chartStyle } from './style.ts';

export interface LegendEntry {
  label: string;
  /** Index of the method among those compared. */
  index: number;
}

const LINE_HEIGHT = 18;
const MARGIN = 12;
const HEADING_HEIGHT = 24;

/** A chart as a self-contained SVG file: white background, styles, a heading above and the legend below. */
export function chartDocument(
  heading: string,
  chart: string,
  { width, height }: Size,
  legend: readonly LegendEntry[] = [],
): string {
  const bottom = MARGIN + HEADING_HEIGHT + height;
  const page = { width: width + 2 * MARGIN, height: bottom + legend.length * LINE_HEIGHT + MARGIN };
  const lines = legend.map(({ label, index }, row) => {
    const y = bottom + row * LINE_HEIGHT + LINE_HEIGHT / 2;
    return `${lineSampleAt(index, MARGIN + 40, y)}<text class="name" x="${MARGIN + 76}" y="${y + 4}">${escapeXml(label)}</text>`;
  });
  const documentStyle = `text { font-family: system-ui, 'Noto Sans', sans-serif; font-size: 11px; } .heading { font-size: 14px; font-weight: 600; }`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${page.width}" height="${page.height}" viewBox="0 0 ${page.width} ${page.height}">`,
    `<style>${chartStyle}${documentStyle}</style><rect width="100%" height="100%" fill="#fff"/>`,
    `<text class="heading" x="${MARGIN}" y="${MARGIN + 12}">${escapeXml(heading)}</text>`,
    `<g transform="translate(${MARGIN} ${MARGIN + HEADING_HEIGHT})">${chart}</g>${lines.join('')}</svg>\n`,
  ].join('');
}
