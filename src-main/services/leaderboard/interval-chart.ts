import { escapeXml } from '../../common/charts/escape-xml.ts';
import { type RankedMethod, meanOf } from './leaderboard.ts';
import { percentText } from './tables.ts';

const LABEL = 200;
const PLOT = 520;
const ROW = 19;
const TOP = 8;
const BOTTOM = 26;
/** Space to the right of the plot, for the last number of the axis. */
const MARGIN = 20;

/** The mean AUPRO of methods with their intervals, as SVG. */
export function intervalChart(methods: readonly RankedMethod[]): string {
  const shown = methods.filter((method) => meanOf(method).auPro.value !== null);
  if (shown.length < 2) return '';
  const lowest = Math.min(
    ...shown.map((method) => meanOf(method).auPro.low ?? meanOf(method).auPro.value ?? 1),
  );
  const from = Math.floor(lowest * 10) / 10;
  const x = (value: number) => LABEL + (PLOT * (value - from)) / (1 - from);
  const bottom = TOP + shown.length * ROW;
  const ticks = Array.from({ length: Math.round((1 - from) * 10) + 1 }, (_, at) => from + at / 10);
  const grid = ticks.map(
    (value) =>
      `<path class="grid" d="M${x(value).toFixed(1)} ${TOP}V${bottom}"/>` +
      `<text x="${x(value).toFixed(1)}" y="${bottom + 13}" text-anchor="middle">${Math.round(100 * value)}</text>`,
  );
  const rows = shown.map((method, at) => {
    const { value, low, high } = meanOf(method).auPro;
    const y = TOP + (at + 0.5) * ROW;
    const center = x(value ?? 0).toFixed(1);
    const whisker =
      low === null || high === null
        ? ''
        : `<path d="M${x(low).toFixed(1)} ${y}H${x(high).toFixed(1)}M${x(low).toFixed(1)} ${y - 4}v8M${x(high).toFixed(1)} ${y - 4}v8" stroke="#1b1f24" fill="none" stroke-width="1.1"/>`;
    return (
      `<text class="name" x="${LABEL - 10}" y="${y + 3.5}" text-anchor="end">${escapeXml(shortened(method.label))}</text>` +
      `${whisker}<circle cx="${center}" cy="${y}" r="3.2" fill="#a3182a"><title>${escapeXml(method.label)}: ${percentText(value)}</title></circle>`
    );
  });
  const title = 'Mean AUPRO in percent with its 95 % interval';
  return `<figure class="intervals"><figcaption>${title}</figcaption><svg class="chart" style="max-width:${LABEL + PLOT + MARGIN}px" viewBox="0 0 ${LABEL + PLOT + MARGIN} ${bottom + BOTTOM}" role="img" aria-label="${title}">
${grid.join('')}${rows.join('')}</svg></figure>`;
}

const shortened = (label: string) => (label.length > 34 ? `${label.slice(0, 33)}…` : label);
