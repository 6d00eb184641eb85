import type { RollDefect } from '../../../src-main/common/api/rolls.ts';
import type { Verdict } from '../../../src-main/common/api/sessions.ts';

export const defectOrders = ['along', 'across', 'size', 'kind', 'points', 'score'] as const;

/** How a roll's defects are sorted. `along` is the order in which they pass. */
export interface DefectOrder {
  by: (typeof defectOrders)[number];
  descending: boolean;
}

/** `none` selects defects without a verdict. */
export type VerdictChoice = Verdict | 'none';

/** Which of a roll's defects are listed. An absent part does not limit. */
export interface DefectFilter {
  kind?: string;
  verdict?: VerdictChoice;
  /** Only those that the grading rule counts. */
  counted?: true;
  /** Only those that come back at a constant pitch. */
  repeating?: true;
}

export const ALONG: DefectOrder = { by: 'along', descending: false };

export const kindOf = ({ assessment }: Pick<RollDefect, 'assessment'>): string => assessment?.kind ?? '';

/** The verdict on a defect; undefined if there is none, for example if only its points were corrected. */
export const verdictOf = ({ assessment }: RollDefect): Verdict | undefined =>
  assessment?.verdict ?? undefined;

export const isCorrected = ({ assessment }: RollDefect): boolean =>
  assessment !== null && assessment.points !== null;

/** The kinds of a roll's defects, sorted by name. */
export function kindsOf(defects: readonly RollDefect[]): string[] {
  return [...new Set(defects.map(kindOf))].filter((kind) => kind !== '').sort(byName);
}

export function matchesFilter(defect: RollDefect, filter: DefectFilter): boolean {
  return (
    (filter.kind === undefined || kindOf(defect) === filter.kind) &&
    (filter.verdict === undefined || (verdictOf(defect) ?? 'none') === filter.verdict) &&
    (filter.counted === undefined || defect.counted) &&
    (filter.repeating === undefined || defect.repeat !== null)
  );
}

/** The defects in an order. Equal ones follow along the roll, so that the order is the same every time. */
export function sortDefects(
  defects: readonly RollDefect[],
  { by, descending }: DefectOrder,
): readonly RollDefect[] {
  const sign = descending ? -1 : 1;
  const compare = comparisons[by];
  return defects.toSorted((a, b) => sign * compare(a, b) || comparisons.along(a, b) || byName(a.id, b.id));
}

const byName = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true });

const comparisons: Record<DefectOrder['by'], (a: RollDefect, b: RollDefect) => number> = {
  along: (a, b) => a.px.along - b.px.along,
  across: (a, b) => a.px.across - b.px.across,
  size: (a, b) => longestSide(a) - longestSide(b),
  kind: (a, b) => byName(kindOf(a), kindOf(b)),
  points: (a, b) => a.points - b.points || Number(a.counted) - Number(b.counted),
  score: (a, b) => a.score - b.score,
};

/** Its longest side: in mm where the roll has a scale, because pixels may not be square. */
function longestSide({ px, mm }: RollDefect): number {
  const { length, width } = mm ?? px;
  return Math.max(length, width);
}
