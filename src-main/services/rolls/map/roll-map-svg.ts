import type { RollDefect, RollDefects } from '../../../common/api/rolls.ts';
import {
  markPath,
  type MarkShape,
  markSize,
  shapesOfKinds,
  UNNAMED_SHAPE,
} from '../../../common/charts/defect-marks.ts';
import { escapeXml } from '../../../common/charts/escape-xml.ts';
import { ticks } from '../../../common/charts/ticks.ts';
import type { UnitSystem } from '../../../common/length-text.ts';
import { alongIn, type MapUnits, mapUnits, placeIn } from './map-axis.ts';

const WIDTH = 1000;
const LEFT = 52;
const RIGHT = 24;
const BARS = { top: 6, height: 44 };
const MATERIAL = { top: 58, height: 150 };
const AXIS = MATERIAL.top + MATERIAL.height;
const REPEATS = AXIS + 34;
const REPEAT_HEIGHT = 16;
const LEGEND_HEIGHT = 24;

/** Colors of 0, 1, 2, 3, and 4 or more points. Size and shape show the same without color. */
const COLORS = ['#8b949e', '#d9a400', '#e07b00', '#d1422f', '#8e1020'];

export const colorOf = (points: number) =>
  COLORS[Math.min(Math.max(Math.ceil(points), 0), COLORS.length - 1)];

/**
 * The map of a roll from its start at the left to its end: points per unit of length above, the defects at their places by kind (shape)
 * and points (size, color), cut proposals hatched, and repeating defects below. Lengths along and across have different scales.
 */
export function rollMapSvg(list: RollDefects, system: UnitSystem): string {
  const units = mapUnits(list.roll, system);
  const shapes = shapesOfKinds(list.defects.map(({ assessment }) => assessment?.kind ?? ''));
  const x = (along: number) => LEFT + (along / units.length) * (WIDTH - LEFT - RIGHT);
  const y = (across: number) => MATERIAL.top + (across / units.width) * MATERIAL.height;
  const legendAt = REPEATS + REPEAT_HEIGHT * list.repeats.length + 4;
  const height = legendAt + LEGEND_HEIGHT;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, 'Noto Sans', sans-serif" font-size="11" fill="#1b1f24" role="img">`,
    `<title>${escapeXml(`Defect map of ${list.roll.name}`)}</title>`,
    '<defs><pattern id="cut" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0V6" stroke="#a3182a" stroke-width="1.5" stroke-opacity=".5"/></pattern></defs>',
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    stretchBars(list, units, x),
    `<rect x="${LEFT}" y="${MATERIAL.top}" width="${WIDTH - LEFT - RIGHT}" height="${MATERIAL.height}" fill="#f4f6f8" stroke="#8b949e"/>`,
    cuts(list, units, x),
    axes(units, x, y),
    ...list.defects.map((defect) => mark(defect, units, shapes, x, y)),
    repeats(list, units, x),
    legend(shapes, legendAt + 12),
    '</svg>\n',
  ].join('\n');
}

type Place = (value: number) => number;

function mark(
  defect: RollDefect,
  units: MapUnits,
  shapes: ReadonlyMap<string, MarkShape>,
  x: Place,
  y: Place,
): string {
  const { along, across, length } = placeIn(defect, units);
  const { points, counted, assessment, why } = defect;
  const kind = assessment?.kind ?? '';
  const path = markPath(shapes.get(kind) ?? UNNAMED_SHAPE, markSize(points), x(along), y(across));
  const color = colorOf(points);
  const span = x(along + length / 2) - x(along - length / 2);
  const line =
    span > markSize(points)
      ? `<path d="M${round(x(along - length / 2))} ${round(y(across))}h${round(span)}" stroke="${color}" stroke-width="3" stroke-opacity=".5"/>`
      : '';
  const title = escapeXml(`${kind || 'defect'}: ${why}`);
  const fill = counted
    ? `fill="${color}" stroke="#fff" stroke-width=".7"`
    : `fill="none" stroke="${color}" stroke-width="1.2"`;
  return `${line}<path d="${path}" ${fill}><title>${title}</title></path>`;
}

/** Points of each unit of length, as bars. */
function stretchBars({ grade }: RollDefects, units: MapUnits, x: Place): string {
  if (!grade || grade.stretches.length === 0) return '';
  const most = Math.max(1, ...grade.stretches.map(({ points }) => points));
  const bottom = BARS.top + BARS.height;
  const bars = grade.stretches.flatMap(({ from, to, points }) => {
    if (points === 0) return [];
    const [left, right] = [x(alongIn(from, units)), x(alongIn(to, units))];
    const height = (points / most) * BARS.height;
    return `<rect x="${round(left)}" y="${round(bottom - height)}" width="${round(Math.max(right - left - 0.3, 0.4))}" height="${round(height)}" fill="#5b6570"/>`;
  });
  return `<text x="${LEFT - 6}" y="${BARS.top + 9}" text-anchor="end">${most}</text><text x="${LEFT - 6}" y="${bottom}" text-anchor="end" fill="#5b6570">points</text>${bars.join('')}<path d="M${LEFT} ${bottom}H${WIDTH - RIGHT}" stroke="#d6dbe1"/>`;
}

function cuts({ grade }: RollDefects, units: MapUnits, x: Place): string {
  return (grade?.cuts ?? [])
    .map(({ from, to, why }) => {
      const left = x(alongIn(from, units));
      const width = x(alongIn(to, units)) - left;
      return `<rect x="${round(left)}" y="${MATERIAL.top}" width="${round(width)}" height="${MATERIAL.height}" fill="url(#cut)" stroke="#a3182a" stroke-dasharray="4 2"><title>${escapeXml(`Cut proposal: ${why}`)}</title></rect>`;
    })
    .join('');
}

function axes(units: MapUnits, x: Place, y: Place): string {
  const labels = (size: number, steps: number, unit: string) => {
    const all = ticks({ low: 0, high: size }, steps);
    return all.map(({ value, label }, at) => ({
      value,
      text: at === all.length - 1 ? `${label} ${unit}` : label,
    }));
  };
  const along = labels(units.length, 10, units.along).map(
    ({ value, text }) =>
      `<path d="M${round(x(value))} ${AXIS}v4" stroke="#8b949e"/><text x="${round(x(value))}" y="${AXIS + 15}" text-anchor="middle">${text}</text>`,
  );
  const across = labels(units.width, 4, units.across).map(
    ({ value, text }) =>
      `<path d="M${LEFT} ${round(y(value))}h-4" stroke="#8b949e"/><text x="${LEFT - 7}" y="${round(y(value) + 4)}" text-anchor="end">${text}</text>`,
  );
  return `${along.join('')}${across.join('')}`;
}

/** Repeating defects: a tick for each, and the pitch. */
function repeats({ repeats: found, defects }: RollDefects, units: MapUnits, x: Place): string {
  const byId = new Map(defects.map((defect) => [defect.id, defect]));
  return found
    .map((repeat, row) => {
      const top = REPEATS + row * REPEAT_HEIGHT;
      const places = repeat.defects.flatMap((id) => {
        const defect = byId.get(id);
        return defect ? [x(placeIn(defect, units).along)] : [];
      });
      const [first, last] = [Math.min(...places), Math.max(...places)];
      const pitch =
        repeat.unit === 'px'
          ? `${Math.round(repeat.pitch)} px`
          : `${repeat.pitch.toFixed(repeat.pitch < 1000 ? 1 : 0)} mm`;
      const label = `repeats every ${pitch}, ${repeat.count} times`;
      const middle = Math.min(Math.max((first + last) / 2, LEFT + 100), WIDTH - RIGHT - 100);
      const line = `<path d="M${round(first)} ${top}H${round(last)}${places.map((place) => `M${round(place)} ${top - 4}v8`).join('')}" stroke="#1b1f24" fill="none"/>`;
      return `${line}<text x="${round(middle)}" y="${top + 4}" text-anchor="middle" stroke="#fff" stroke-width="6" paint-order="stroke">${label}</text>`;
    })
    .join('');
}

function legend(shapes: ReadonlyMap<string, MarkShape>, top: number): string {
  let left = LEFT;
  const entry = (shape: MarkShape, size: number, color: string, text: string) => {
    const at = left;
    left += 26 + 6.2 * text.length;
    return `<path d="${markPath(shape, size, at + 6, top)}" fill="${color}"/><text x="${at + 18}" y="${top + 4}">${escapeXml(text)}</text>`;
  };
  const kinds = [...shapes].map(([kind, shape]) => entry(shape, 10, '#5b6570', kind || 'no kind'));
  left += 20;
  const points = ['0 points', '1', '2', '3', '4 or more'].map((text, at) =>
    entry(UNNAMED_SHAPE, markSize(at), COLORS[at], text),
  );
  return [...kinds, ...points].join('');
}

const round = (value: number) => Math.round(value * 10) / 10;
