import type { MetricName } from '../../common/api/evaluation.ts';
import { curveChart, legendKey } from '../../common/charts/curve-chart.ts';
import { escapeXml } from '../../common/charts/escape-xml.ts';
import { percentText } from '../../common/decisions/calibration-problem.ts';
import { DECISIONS } from '../../common/decisions/confusion.ts';
import { rateTexts, thresholdsText } from './decisions.ts';
import {
  DECIMALS,
  type ReportImages,
  metricHeads,
  type Percent,
  type Report,
  type ReportMethod,
  type ReportRow,
  reportRows,
  secondsPerImage,
} from './report.ts';
import { style } from './style.ts';

/** The metrics of the paper's Table 6. The other metrics have their own table. */
const MAIN: readonly MetricName[] = ['auPro', 'auroc', 'f1Max'];

/** Part of the PRO curve beyond its limit is shown. */
const BEYOND_LIMIT = 0.1;

/** The report as one self-contained page: no scripts, no network, embedded images. It prints on A4. */
export function htmlReport(report: Report, reportImages: ReportImages): string {
  const rows = reportRows(report);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeXml(`${report.dataset}: evaluation`)}</title>
<style>${style}</style>
</head>
<body>
${[
  head(report, reportImages),
  headline(report, rows),
  methodList(report),
  mainTable(report, rows),
  otherTable(report),
  decisionTables(report),
  curves(report, reportImages),
  examples(report, reportImages),
  notes(report),
  footer(report),
].join('\n')}
</body>
</html>
`;
}

function head({ dataset, classes, cells, methods, ignoreBorder }: Report, { madeAt }: ReportImages): string {
  const first = cells.filter(({ method }) => method === methods[0]?.id).map(({ metrics }) => metrics);
  const sum = (of: 'images' | 'missing' | 'anomalousImages' | 'regions') =>
    first.reduce((total, metrics) => total + metrics[of], 0);
  const facts = [
    [classes.length, classes.length === 1 ? 'texture class' : 'texture classes'],
    [sum('images') + sum('missing'), 'test images with ground truth'],
    [sum('anomalousImages'), 'of them with defects'],
    [sum('regions'), 'defect regions'],
    [`${ignoreBorder} px`, 'cropped at every side'],
  ];
  return `<header><h1>${escapeXml(dataset)}</h1>
<div class="quiet">Surface defect detection, evaluated against ground truth · ${escapeXml(madeAt.slice(0, 10))}</div>
<ul class="facts">${facts.map(([value, what]) => `<li><b>${value}</b> ${what}</li>`).join('')}</ul></header>`;
}

/** The headline metrics: the table's last row, for the method that localizes best. */
function headline(report: Report, rows: readonly ReportRow[]): string {
  const last = rows.at(-1);
  if (!last) return '<p>No class of this dataset has ground truth.</p>';
  const value = (percent: Percent) => percent.value ?? -1;
  const best = last.entries.reduce((a, b) => (value(b.percents.auPro) > value(a.percents.auPro) ? b : a));
  const seconds = secondsPerImage(report, best.method.id);
  const metrics: [string, string][] = [
    [percent(best.percents.auPro), `AUPRO@${report.proFprLimit} (area under the per-region-overlap curve)`],
    [percent(best.percents.auroc), 'pixel AUROC'],
    [percent(best.percents.imageAuroc), 'image AUROC'],
    [seconds === null ? '–' : `${seconds.toFixed(2)} s`, 'an image'],
  ];
  const who = report.methods.length > 1 ? `<p>Highest AUPRO: <b>${escapeXml(best.method.label)}</b></p>` : '';
  return `${who}<ul class="headline">${metrics.map(([number, what]) => `<li><strong>${number}</strong><span class="quiet">${what}</span></li>`).join('')}</ul>`;
}

function methodList({ methods }: Report): string {
  const items = methods.map(
    ({ label, definition }) => `<dt>${escapeXml(label)}</dt><dd>${escapeXml(definition)}</dd>`,
  );
  return `<h2>Methods</h2><dl class="methods">${items.join('')}</dl>`;
}

/** Number of column blocks that fit side by side on A4. Further blocks are in tables below. */
const ABREAST = 4;

function mainTable({ methods, paper }: Report, rows: readonly ReportRow[]): string {
  const own = methods.map(({ label }, column) => ({
    head: `<th class="first" colspan="${MAIN.length}">${escapeXml(label)}</th>`,
    cells: ({ entries }: ReportRow) =>
      MAIN.map((name, i) => metricCell(entries[column].percents[name], i === 0)).join(''),
  }));
  const theirs = (paper?.systems ?? []).map((system) => ({
    head: `<th class="first paper" colspan="${MAIN.length}">paper: ${escapeXml(system)}</th>`,
    cells({ textureClass }: ReportRow) {
      const cell = textureClass === undefined ? paper?.mean(system) : paper?.at(textureClass, system);
      const text = (name: MetricName) => cell?.[name]?.toFixed(DECIMALS) ?? '–';
      return MAIN.map((name, i) => `<td class="paper${i === 0 ? ' first' : ''}">${text(name)}</td>`).join('');
    },
  }));
  const blocks = [...own, ...theirs];
  const names = MAIN.map((name, i) => `<th${i === 0 ? ' class="first"' : ''}>${metricHeads[name]}</th>`).join(
    '',
  );
  let tables = '';
  for (let at = 0; at < blocks.length; at += ABREAST) {
    const shown = blocks.slice(at, at + ABREAST);
    const body = rows.map((row) => {
      const mean = row.textureClass === undefined ? ' class="mean"' : '';
      return `<tr${mean}><td>${escapeXml(row.title)}</td>${shown.map(({ cells }) => cells(row)).join('')}</tr>`;
    });
    tables += `<div class="wide"><table><thead><tr><th></th>${shown.map(({ head }) => head).join('')}</tr>
<tr><th>Class</th>${names.repeat(shown.length)}</tr></thead>
<tbody>${body.join('')}</tbody></table></div>
`;
  }
  const compared =
    methods.length > 1
      ? ` The best value of each row is bold; small numbers are differences to <b>${escapeXml(methods[0].label)}</b>.`
      : '';
  return `<h2>Localization by texture class</h2>
<p class="quiet">Percent.${compared}</p>
${tables}`;
}

function metricCell({ value, best, difference }: Percent, first: boolean): string {
  const text = value?.toFixed(DECIMALS) ?? '–';
  const delta = difference === null ? '' : `<small>${signed(difference)}</small>`;
  return `<td${first ? ' class="first"' : ''}>${best ? `<b>${text}</b>` : text}${delta}</td>`;
}

function otherTable({ methods, classes, cells }: Report): string {
  const heads = [
    metricHeads.imageAuroc,
    metricHeads.averagePrecision,
    metricHeads.meanRegionOverlap,
    'Threshold',
    'Images',
    'With defects',
    'Regions',
    's/image',
  ];
  const body = classes.flatMap((textureClass) =>
    methods.map((method) => {
      const metrics = cells.find(
        (cell) => cell.textureClass === textureClass && cell.method === method.id,
      )?.metrics;
      const fraction = (value: number | null = null) =>
        value === null ? '–' : (100 * value).toFixed(DECIMALS);
      const values = [
        fraction(metrics?.imageAuroc),
        fraction(metrics?.averagePrecision),
        fraction(metrics?.meanRegionOverlap),
        metrics?.f1MaxThreshold?.toPrecision(4) ?? '–',
        `${metrics?.images ?? 0}${metrics?.missing ? ` (${metrics.missing} missing)` : ''}`,
        metrics?.anomalousImages ?? 0,
        metrics?.regions ?? 0,
        metrics?.secondsPerImage?.toFixed(2) ?? '–',
      ];
      const name = methods.length > 1 ? `${textureClass} · ${method.label}` : textureClass;
      return `<tr><td>${escapeXml(name)}</td>${values.map((value) => `<td>${value}</td>`).join('')}</tr>`;
    }),
  );
  return `<h2>Images, precision and time</h2>
<div class="wide"><table><thead><tr><th>Class</th>${heads.map((name) => `<th>${name}</th>`).join('')}</tr></thead>
<tbody>${body.join('')}</tbody></table></div>`;
}

function decisionTables({ decisions }: Report): string {
  if (decisions.length === 0) return '';
  const tables = decisions.map((of) => {
    const { textureClass, recipe, revision, thresholds, table } = of;
    const body = table.rows.map(({ label, total, cells }) => {
      const counts = DECISIONS.map((decision) => {
        const { count } = cells[decision];
        return `<td>${count}<small>${total === 0 ? '' : percentText(count / total)}</small></td>`;
      });
      return `<tr><td>${label}</td><td>${total}</td>${counts.join('')}</tr>`;
    });
    return `<section><h3>${escapeXml(textureClass)}</h3>
<p class="quiet">${escapeXml(recipe)}, revision ${revision}: ${thresholdsText(thresholds)}</p>
<table><thead><tr><th>Label</th><th>Images</th><th>Pass</th><th>Review</th><th>Reject</th></tr></thead>
<tbody>${body.join('')}</tbody></table>
<p>${rateTexts(of).map(escapeXml).join(' · ')}</p></section>`;
  });
  return `<h2>Decisions on test images</h2>${tables.join('')}`;
}

function curves({ classes, methods, proFprLimit }: Report, reportImages: ReportImages): string {
  const pairs = classes.flatMap((textureClass) => {
    const known = methods.flatMap((method, index) => {
      const of = reportImages.curves.find(
        (entry) => entry.textureClass === textureClass && entry.method === method.id,
      );
      return of ? [{ label: method.label, index, roc: of.roc, pro: of.pro }] : [];
    });
    if (known.length === 0) return [];
    const roc = known.map(({ label, index, roc: curve }) => ({ label, index, curve }));
    const pro = known.map(({ label, index, pro: curve }) => ({ label, index, curve }));
    const x = 'false positive rate';
    const unit = { low: 0, high: 1 };
    const reach = { low: 0, high: Math.min(1, proFprLimit + BEYOND_LIMIT) };
    return [
      `<div class="curves"><h3>${escapeXml(textureClass)}</h3>` +
        curveChart({ title: 'ROC', x, y: 'true positive rate', view: { x: unit, y: unit } }, roc) +
        curveChart(
          { title: 'PRO', x, y: 'region overlap', view: { x: reach, y: unit }, limit: proFprLimit },
          pro,
        ) +
        '</div>',
    ];
  });
  if (pairs.length === 0) return '';
  return `<h2>Curves</h2>${legend(methods)}${pairs.join('')}`;
}

function legend(methods: readonly ReportMethod[]): string {
  return `<ul class="legend">${methods.map(({ label }, index) => `<li>${legendKey(index)}${escapeXml(label)}</li>`).join('')}</ul>`;
}

function examples({ classes, methods }: Report, reportImages: ReportImages): string {
  if (reportImages.examples.length === 0) return '';
  const labels = new Map(methods.map(({ id, label }) => [id, label]));
  const figure = (address: string, caption: string) =>
    `<figure><img src="${escapeXml(address)}" alt="${escapeXml(caption)}"><figcaption>${escapeXml(caption)}</figcaption></figure>`;
  const sections = classes.map((textureClass) => {
    const rows = reportImages.examples
      .filter((example) => example.textureClass === textureClass)
      .map(({ name, picture, heatmaps }) => {
        const maps = heatmaps.map((map) => figure(map.picture, labels.get(map.method) ?? ''));
        return `<div class="examples">${figure(picture, name)}${maps.join('')}</div>`;
      });
    return rows.length === 0 ? '' : `<section><h3>${escapeXml(textureClass)}</h3>${rows.join('')}</section>`;
  });
  return `<h2>Examples</h2>
<p class="quiet">The image with its ground truth outlined, and each method's anomaly map. Dark red is most anomalous. All images of a class share one display range.</p>${sections.join('')}`;
}

function notes({ notes: lines }: Report): string {
  if (lines.length === 0) return '';
  return `<h2>Notes</h2><ul>${lines.map((line) => `<li>${escapeXml(line)}</li>`).join('')}</ul>`;
}

function footer({ proFprLimit, ignoreBorder, paper }: Report): string {
  const lines = [
    `AUPRO: area under the curve of the mean covered fraction of the defect regions over the false positive rate, up to ${proFprLimit}, divided by the limit.`,
    'AUROC, AP (average precision) and F1-max (highest F1 over all thresholds): over all pixels of a class, exact over every distinct score.',
    'I-AUROC: image-level AUROC; the score of an image is the maximum of its map. PRO@F1-max: mean covered fraction of the defect regions at the threshold of F1-max.',
    `Maps are compared at image size, with ${ignoreBorder} px cropped at every side. The mean is the unweighted mean of the classes.`,
  ];
  if (paper) {
    lines.push(
      `"paper": Ardelean and Weyrich, High-Fidelity Zero-Shot Texture Anomaly Localization Using Feature Correspondence Analysis, for the whole of ${paper.dataset}.`,
    );
  }
  return `<footer>${lines.map((line) => `<p>${escapeXml(line)}</p>`).join('')}</footer>`;
}

const percent = ({ value }: Percent) => (value === null ? '–' : `${value.toFixed(1)} %`);
const signed = (difference: number) =>
  `${difference < 0 ? '−' : '+'}${Math.abs(difference).toFixed(DECIMALS)}`;
