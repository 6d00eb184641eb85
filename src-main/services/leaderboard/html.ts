import type { BootstrapMetric } from '../../common/api/evaluation.ts';
import { escapeXml } from '../../common/charts/escape-xml.ts';
import { DECIMALS, metricHeads } from '../reports/report.ts';
import { style } from '../reports/style.ts';
import { intervalChart } from './interval-chart.ts';
import type { Leaderboard, PublishedSystem, RankedDataset, RankedMethod, Score } from './leaderboard.ts';
import { columns, intervalText, memoryText, percentText, secondsText } from './tables.ts';

const ownStyle = `
table.board td small { white-space: nowrap; } table.board td.text { text-align: left; white-space: normal; color: var(--quiet); min-width: 110px; }
table.board thead tr th { text-align: right; color: var(--quiet); border-bottom: 1px solid var(--ink); } table.board thead tr th:first-child, table.board thead tr th.text { text-align: left; } figure.intervals { flex: none; margin: 6px 0 10px; } figure.intervals figcaption { font-size: 12px; } details { margin: 0 0 8px; } summary { cursor: pointer; font-weight: 600; padding: 4px 0; }
summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; } h2.dataset { font-size: 20px; margin-top: 38px; }
`;

/** The leaderboard as one self-contained page without scripts. */
export function htmlLeaderboard(board: Leaderboard): string {
  const names = board.datasets.map(({ name }) => name).join(', ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeXml(`${names}: leaderboard`)}</title>
<style>${style}${ownStyle}</style>
</head>
<body>
${head(board)}
${board.datasets.map(datasetSection).join('\n')}
${footer(board)}
</body>
</html>
`;
}

function head({ datasets, madeAt, devices, resamples, seed, perch }: Leaderboard): string {
  const methods = new Set(datasets.flatMap((of) => of.methods.map(({ label }) => label)));
  const facts: [string | number, string][] = [
    [methods.size, methods.size === 1 ? 'method' : 'methods'],
    [datasets.length, datasets.length === 1 ? 'dataset' : 'datasets'],
    [resamples, `resamples for each interval, seed ${seed}`],
    [devices.join('; '), ''],
  ];
  return `<header><h1>Leaderboard</h1>
<div class="quiet">Surface defect detection methods, evaluated against ground truth with one rule for all · Perch ${escapeXml(perch)} · ${escapeXml(madeAt.slice(0, 10))}</div>
<ul class="facts">${facts.map(([value, what]) => `<li><b>${escapeXml(String(value))}</b> ${what}</li>`).join('')}</ul></header>`;
}

function datasetSection(dataset: RankedDataset): string {
  const { name, classes, methods, ignoreBorder, published } = dataset;
  const sum = (of: 'images' | 'anomalousImages' | 'regions') =>
    classes.reduce((total, each) => total + each[of], 0);
  const several = classes.length > 1 ? `Mean of ${classes.length} classes` : (classes[0]?.name ?? 'No class');
  return `<section><h2 class="dataset">${escapeXml(name)}</h2>
<p class="quiet">${escapeXml(several)} · ${sum('images')} images, ${sum('anomalousImages')} with defects, ${sum('regions')} defect regions · ${ignoreBorder} px ignored at every side</p>
${methods.length === 0 ? '<p>No method has results with ground truth.</p>' : board(methods, published, null, true)}
${intervalChart(methods)}
${omissions(dataset)}
${classes.length > 1 ? classTables(dataset) : ''}
${notes(dataset)}</section>`;
}

function board(
  methods: readonly RankedMethod[],
  published: readonly PublishedSystem[],
  textureClass: string | null,
  isWhole: boolean,
): string {
  const rowOf = ({ rows }: RankedMethod) => rows.find((row) => row.class === textureClass);
  const best = (name: BootstrapMetric) => Math.max(...methods.map((of) => rowOf(of)?.[name].value ?? -1));
  const bests = new Map(columns.map((name) => [name, percentText(best(name))]));
  const body = methods.flatMap((method) => {
    const row = rowOf(method);
    if (!row) return [];
    const cells = columns.map((name) => scoreCell(row[name], methods.length > 1 && bests.get(name)));
    const details = isWhole
      ? `<td>${secondsText(method.secondsPerImage)}</td><td>${memoryText(method.peakBytes)}</td>` +
        `<td class="text">${escapeXml(method.needs.join(', ') || 'nothing')}</td><td class="text">${escapeXml(method.license)}</td>`
      : '';
    const definition = isWhole ? `<small>${escapeXml(method.definition)}</small>` : '';
    return [`<tr><td>${escapeXml(method.label)}${definition}</td>${cells.join('')}${details}</tr>`];
  });
  const theirs = published.flatMap(({ system, source, rows }) => {
    const row = rows.find((each) => each.class === textureClass);
    if (!row) return [];
    const cells = columns.map((name) => `<td class="paper">${row[name]?.toFixed(DECIMALS) ?? '–'}</td>`);
    const details = isWhole ? `<td class="paper" colspan="4">${escapeXml(source)}</td>` : '';
    return [`<tr><td class="paper">${escapeXml(system)}</td>${cells.join('')}${details}</tr>`];
  });
  const divider =
    theirs.length > 0
      ? `<tr class="mean"><td colspan="${columns.length + (isWhole ? 5 : 1)}">Published, not measured here</td></tr>`
      : '';
  const heads = columns.map((name) => `<th>${metricHeads[name]}</th>`).join('');
  const detailHeads = isWhole
    ? '<th>s/image</th><th>MiB</th><th class="text">Needs</th><th class="text">License</th>'
    : '';
  return `<div class="wide"><table class="board"><thead><tr><th>Method</th>${heads}${detailHeads}</tr></thead>
<tbody>${body.join('')}${divider}${theirs.join('')}</tbody></table></div>`;
}

function scoreCell(score: Score, best: string | false | undefined): string {
  const text = percentText(score.value);
  const interval = intervalText(score);
  const number = score.value !== null && text === best ? `<b>${text}</b>` : text;
  return `<td>${number}${interval === '' ? '' : `<small>${interval}</small>`}</td>`;
}

function classTables({ classes, methods, published }: RankedDataset): string {
  const tables = classes.map(
    ({ name, images, anomalousImages, regions }) =>
      `<details><summary>${escapeXml(name)} <small>${images} images, ${anomalousImages} with defects, ${regions} regions</small></summary>
${board(methods, published, name, false)}</details>`,
  );
  return `<h3>By class</h3>${tables.join('')}`;
}

function omissions({ omitted }: RankedDataset): string {
  if (omitted.length === 0) return '';
  const whyOf = ({ classes, reason }: RankedDataset['omitted'][number]) =>
    classes === null ? reason : `${classes.join(', ')}: ${reason}`;
  const items = [...Map.groupBy(omitted, whyOf)].map(
    ([why, of]) =>
      `<dt>${of.map(({ method }) => escapeXml(method)).join('<br>')}</dt><dd>${escapeXml(why)}</dd>`,
  );
  return `<h3>Could not run</h3><dl class="methods">${items.join('')}</dl>`;
}

function notes({ notes: lines }: RankedDataset): string {
  if (lines.length === 0) return '';
  return `<h3>Notes</h3><ul>${lines.map((line) => `<li>${escapeXml(line)}</li>`).join('')}</ul>`;
}

function footer({ proFprLimit, ignoreBorder, resamples }: Leaderboard): string {
  const border =
    ignoreBorder === null
      ? 'The ignored border is that of the dataset: 100 px for MVTec AD at full size, 50 px for WFT, otherwise a 16th of the shorter side, at most 16 px, unless it was changed.'
      : `A border of ${ignoreBorder} px is ignored in all datasets.`;
  const lines = [
    `Percent. Sorted by mean AUPRO, the area under the per-region-overlap curve up to a false positive rate of ${proFprLimit}. The highest value is bold. AUROC and F1-max are over all pixels of a class; I-AUROC is image-level, with the maximum of the map as the score.`,
    `${border} The mean is the unweighted mean of the classes.`,
    `Small numbers: 95 % percentile interval of ${resamples} bootstrap resamples of the images of each class, normal and defective ones separately. It shows how much the metric depends on the choice of images. Pixel metrics of a resample are interpolated between up to a few thousand thresholds; the metrics themselves and image AUROC are exact.`,
    's/image: mean time of the stored results, as it was measured when they were computed. MiB: peak resident memory of a new engine process that inspects the largest image, with the normal images if the method needs them; memory of a GPU is not included, and methods that compare the images of a set are not measured.',
  ];
  return `<footer>${lines.map((line) => `<p>${escapeXml(line)}</p>`).join('')}</footer>`;
}
