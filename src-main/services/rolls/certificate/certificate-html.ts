import type { RollDefect } from '../../../common/api/rolls.ts';
import { escapeXml } from '../../../common/charts/escape-xml.ts';
import { formatLength, toUnit, type UnitSystem } from '../../../common/length-text.ts';
import { formatScale } from '../../../common/scale.ts';
import { rollMapSvg } from '../map/roll-map-svg.ts';
import type { Certificate } from './certificate.ts';
import { certificateStyle } from './certificate-style.ts';

/** Cut proposals that are listed; the others are counted. */
const MOST_CUTS = 4;
/** Kinds that are listed; the others are one row. */
const MOST_KINDS = 6;

/** The certificate of a roll as one self-contained page to print: no scripts, no network, embedded pictures. */
export function certificateHtml(certificate: Certificate): string {
  const { list, units } = certificate;
  const { roll } = list;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeXml(`Inspection certificate: ${roll.name}`)}</title>
<style>${certificateStyle}</style>
</head>
<body>
${[
  head(certificate),
  facts(certificate),
  `<section><h2>Defect map</h2>${rollMapSvg(list, units)}</section>`,
  `<div class="columns">${kinds(list.defects)}${grading(certificate)}</div>`,
  pictures(certificate),
  '<div class="signatures"><div>Operator, date</div><div>Customer, date</div></div>',
  footer(certificate),
  frames(certificate),
].join('\n')}
</body>
</html>
`;
}

function head({ list: { roll, grade } }: Certificate): string {
  const title =
    [roll.article, roll.lot && `lot ${roll.lot}`].filter((part) => part !== '').join(', ') || roll.name;
  return `<header><div><div class="quiet">Inspection certificate</div><h1>${escapeXml(title)}</h1><div class="quiet">${escapeXml(roll.name)}, ${escapeXml(roll.textureClass)}</div></div>${verdict(grade)}</header>`;
}

function verdict(grade: Certificate['list']['grade']): string {
  if (!grade)
    return '<div class="verdict none"><strong>NO GRADE</strong><span>The roll has no scale.</span></div>';
  const { pass, totalPoints, figure } = grade;
  const named = grade.grade === null ? '' : `, ${escapeXml(grade.grade)}`;
  const limit = figure.limit === null ? '' : `, limit ${figure.limit}`;
  return `<div class="verdict ${pass ? 'pass' : 'fail'}"><strong>${pass ? 'PASS' : 'FAIL'}${named}</strong><span>${totalPoints} points<br>${number(figure.value)} ${escapeXml(figure.unit)}${limit}</span></div>`;
}

function facts({ list, units, operator }: Certificate): string {
  const { roll, recipe, threshold, grade, methodLabel, defects } = list;
  const { scale, lengthPixels, widthPixels } = roll;
  const assessed = defects.filter(({ assessment }) => assessment?.verdict).length;
  const rows: [string, string][] = [
    ['Article', roll.article || '–'],
    ['Lot', roll.lot || '–'],
    ['Frames', String(roll.frames)],
    ['Length', scale ? longLength(lengthPixels * scale.along, units) : `${lengthPixels} px`],
    ['Width', scale ? formatLength(widthPixels * scale.across, units) : `${widthPixels} px`],
    ['Scale', scale ? formatScale(scale) : 'unknown'],
    ['Rule', grade?.title ?? '–'],
    ['Defects', `${defects.length}, ${assessed} with a verdict`],
    ['Inspected', list.inspectedAt.slice(0, 16).replace('T', ' ')],
    ['Recipe', recipe ? `${recipe.name}, revision ${recipe.revision}` : '–'],
    ['Method', methodLabel],
    ['Threshold', `${number(threshold.score)} (${THRESHOLDS[threshold.source]})`],
    ['Operator', operator || '–'],
  ];
  return `<dl>${rows.map(([name, value]) => `<dt>${name}</dt><dd>${escapeXml(value)}</dd>`).join('')}</dl>`;
}

const THRESHOLDS = { given: 'given', recipe: 'recipe', class: 'class', suggested: 'suggested' } as const;

/** Defects and points by kind. */
function kinds(defects: readonly RollDefect[]): string {
  const byKind = Map.groupBy(defects, ({ assessment }) => assessment?.kind ?? '');
  const sum = (of: readonly RollDefect[]) => of.reduce((total, { points }) => total + points, 0);
  const rows = [...byKind]
    .map(([kind, of]) => ({
      kind: kind || 'no kind',
      counted: of.filter(({ counted }) => counted).length,
      of: of.length,
      points: sum(of),
    }))
    .sort((a, b) => b.points - a.points || b.of - a.of);
  const shown = rows.slice(0, MOST_KINDS);
  const others = rows.slice(MOST_KINDS);
  if (others.length > 0) {
    const total = (field: 'counted' | 'of' | 'points') => others.reduce((all, row) => all + row[field], 0);
    shown.push({
      kind: `${others.length} other kinds`,
      counted: total('counted'),
      of: total('of'),
      points: total('points'),
    });
  }
  const corrected = defects.filter(({ points, pointsByRule }) => points !== pointsByRule).length;
  const note =
    corrected > 0
      ? `<div class="quiet">A person corrected the points of ${corrected === 1 ? '1 defect' : `${corrected} defects`}, with a reason.</div>`
      : '';
  if (shown.length === 0) return '<section><h2>Defects</h2>None.</section>';
  return `<section><h2>Defects by kind</h2><table><tr><th>kind</th><th>defects</th><th>counted</th><th>points before caps</th></tr>${shown.map(({ kind, counted, of, points }) => `<tr><td>${escapeXml(kind)}</td><td>${of}</td><td>${counted}</td><td>${points}</td></tr>`).join('')}</table>${note}</section>`;
}

function grading({ list: { grade, repeats, notes }, units }: Certificate): string {
  const place = (from: number, to: number) => `${longLength(from, units)} to ${longLength(to, units)}`;
  const cuts = grade?.cuts ?? [];
  const lines = [
    ...(grade?.reasons ?? []),
    ...cuts
      .slice(0, MOST_CUTS)
      .map(({ from, to, points }) => `Cut proposal: ${place(from, to)}, ${points} points.`),
    ...(cuts.length > MOST_CUTS ? [`${cuts.length - MOST_CUTS} more cut proposals.`] : []),
    ...(grade?.afterCuts
      ? [
          `After the cuts: ${longLength(grade.afterCuts.length, units)}, ${number(grade.afterCuts.value)} ${grade.figure.unit}, ${grade.afterCuts.pass ? 'pass' : 'fail'}.`,
        ]
      : []),
    ...repeats.map(
      ({ count, pitch, unit }) =>
        `A defect repeats ${count} times every ${unit === 'px' ? `${Math.round(pitch)} px` : formatLength(pitch, units)}.`,
    ),
    ...notes,
  ];
  return `<section><h2>Grading</h2><ul>${lines.map((line) => `<li>${escapeXml(line)}</li>`).join('')}</ul></section>`;
}

function pictures({ worst, units }: Certificate): string {
  if (worst.length === 0) return '';
  const pictured = worst.map(({ defect, picture }) => {
    const { points, assessment, mm, px, id } = defect;
    const place = mm ? longLength(mm.along, units) : `${Math.round(px.along)} px`;
    const size = mm
      ? `${formatLength(mm.length, units)} x ${formatLength(mm.width, units)}`
      : `${Math.round(px.length)} x ${Math.round(px.width)} px`;
    const kind = assessment?.kind ? `<b>${escapeXml(assessment.kind)}</b>, ` : '';
    const source = `data:image/jpeg;base64,${Buffer.from(picture).toString('base64')}`;
    return `<figure><img src="${source}" alt="Defect at ${id}"><figcaption>${kind}${points === 1 ? '1 point' : `${points} points`}<br>at ${place}<br>${size}</figcaption></figure>`;
  });
  return `<section><h2>Worst defects (size along x across)</h2><div class="pictures">${pictured.join('')}</div></section>`;
}

function footer({ list, madeAt, version, imageSha256, recipeSha256 }: Certificate): string {
  const what = list.roll.frames > 1 ? `${list.roll.frames} frames` : 'image';
  const hashes = [
    ['SHA-256 of the ' + what, imageSha256],
    ['of the map', list.map],
    ...(recipeSha256 === null ? [] : [['of the recipe revision', recipeSha256]]),
  ];
  return `<footer>${hashes.map(([name, hash]) => `${name} <code>${escapeXml(hash)}</code>`).join('<br>')}<br>Made by Perch ${escapeXml(version)}, ${escapeXml(madeAt.slice(0, 16).replace('T', ' '))} UTC.</footer>`;
}

/** The frames and their hashes, on pages of their own. */
function frames({ frames: list, list: { roll } }: Certificate): string {
  if (list.length === 0) return '';
  const place = (pixels: number) =>
    roll.scale ? `${((pixels * roll.scale.along) / 1000).toFixed(3)} m` : `${pixels} px`;
  const rows = list.map(
    ({ name, offset, length, sha256 }) =>
      `<tr><td>${escapeXml(name)}</td><td>${place(offset)}</td><td>${place(length)}</td><td><code>${escapeXml(sha256)}</code></td></tr>`,
  );
  return `<section class="frames"><h2>Frames of ${escapeXml(roll.name)}</h2><table><tr><th>frame</th><th>from</th><th>length</th><th>SHA-256</th></tr>${rows.join('')}</table></section>`;
}

/** Two decimals in meters or yards, so that places along a roll can be compared. */
function longLength(millimeters: number, units: UnitSystem): string {
  const unit = units === 'mm' ? 'm' : 'yd';
  return `${toUnit(millimeters, unit).toFixed(2)} ${unit}`;
}

const number = (value: number) => String(Number(value.toPrecision(4)));
