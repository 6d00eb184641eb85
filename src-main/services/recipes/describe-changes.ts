import { type CalibrationRecord, type RecipeDefinition, recipeDefinition } from '../../common/api/recipes.ts';
import { canonicalJson } from '../../common/canonical-json.ts';
import { calibrationText } from './calibration-text.ts';
import { formatScore } from './format-score.ts';

/** The differences between two definitions, one line per field: `thresholds.reject: 0.0188 -> 0.0215`. */
export function describeChanges(before: RecipeDefinition, after: RecipeDefinition): string[] {
  return recipeDefinition.keyof().options.flatMap((field) => {
    if (field === 'calibration') return describeCalibration(before.calibration, after.calibration);
    const [old, now] = [leaves(before[field], [field]), leaves(after[field], [field])];
    return [...new Set([...old.keys(), ...now.keys()])].flatMap((path) => {
      const [from, to] = [old.get(path), now.get(path)];
      return canonicalJson(presentOrNull(from)) === canonicalJson(presentOrNull(to))
        ? []
        : [`${path}: ${formatValue(from)} -> ${formatValue(to)}`];
    });
  });
}

/** One line, because a calibration changes as a whole. */
function describeCalibration(from: CalibrationRecord | null, to: CalibrationRecord | null): string[] {
  if (canonicalJson(from) === canonicalJson(to)) return [];
  return [`calibration: ${from ? calibrationText(from) : 'none'} -> ${to ? calibrationText(to) : 'none'}`];
}

/** Null for a missing value and an empty list, which both mean none. */
const presentOrNull = (value: unknown) =>
  value === undefined || (Array.isArray(value) && value.length === 0) ? null : value;

/** The fields of an object by path; arrays are one field. */
function leaves(value: unknown, path: readonly string[]): Map<string, unknown> {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return new Map([[path.join('.'), value]]);
  return new Map(Object.entries(value).flatMap(([name, part]) => [...leaves(part, [...path, name])]));
}

function formatValue(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'number') return formatScore(value);
  if (typeof value === 'string') return /^[0-9a-f]{64}$/.test(value) ? value.slice(0, 12) : value;
  if (Array.isArray(value)) return value.length > 0 ? value.map(formatElement).join(', ') : 'none';
  return JSON.stringify(value);
}

/** A class, or a shape of the inspection region. */
function formatElement(element: unknown): string {
  if (element === null || typeof element !== 'object') return String(element);
  const shape = element as NonNullable<RecipeDefinition['region']>['include'][number];
  return shape.type === 'rectangle'
    ? `rectangle ${[shape.width, shape.height].map(formatScore).join(' x ')} at ${[shape.left, shape.top].map(formatScore).join(', ')}`
    : `polygon of ${shape.points.length} points from ${corner(shape.points, Math.min)} to ${corner(shape.points, Math.max)}`;
}

/** A corner of the bounding box of points. */
function corner(points: readonly [number, number][], most: (...values: number[]) => number): string {
  return [0, 1].map((axis) => formatScore(most(...points.map((point) => point[axis])))).join(', ');
}
