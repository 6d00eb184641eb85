import type { CalibrationLabel, Decision, Rate } from '../api/recipes.ts';
import { observedRate } from './clopper-pearson.ts';

export const DECISIONS = ['pass', 'review', 'reject'] as const satisfies readonly Decision[];
export const LABELS = ['good', 'defective', 'unknown'] as const satisfies readonly CalibrationLabel[];

/** An image with its decision. */
export interface DecidedImage {
  image: number;
  label: CalibrationLabel;
  decision: Decision | null;
}

/** Fraction of a label's decided images that have a decision. */
export interface ConfusionCell extends Rate {
  images: number[];
}

/** Number of decided images with a label. */
export interface ConfusionRow {
  label: CalibrationLabel;
  total: number;
  cells: Record<Decision, ConfusionCell>;
}

/** Label x decision. */
export interface ConfusionTable {
  rows: ConfusionRow[];
  /** Number of images without a decision, which no row counts. */
  undecided: number[];
}

/** Counts decisions by label, with rates within a label and their 95 % intervals. Rows and cells have a fixed order. */
export function confusionTable(images: readonly DecidedImage[]): ConfusionTable {
  const rows = LABELS.map((label): ConfusionRow => {
    const decided = images.filter((each) => each.label === label && each.decision !== null);
    const cell = (decision: Decision): ConfusionCell => {
      const ids = decided.filter((each) => each.decision === decision).map(({ image }) => image);
      return { ...observedRate(ids.length, decided.length), images: ids };
    };
    return {
      label,
      total: decided.length,
      cells: { pass: cell('pass'), review: cell('review'), reject: cell('reject') },
    };
  });
  return {
    rows,
    undecided: images.filter(({ decision }) => decision === null).map(({ image }) => image),
  };
}

/** A recipe's rates of errors and reviews. */
export interface DecisionRates {
  /** Fraction of the good images that are rejected. */
  falseRejects: Rate;
  /** Fraction of the defective images that pass. */
  escapes: Rate;
  /** Fraction of all decided images that are reviewed. */
  review: Rate;
}

export function decisionRates({ rows }: ConfusionTable): DecisionRates {
  const [good, defective] = rows;
  const total = rows.reduce((sum, row) => sum + row.total, 0);
  const reviewed = rows.reduce((sum, row) => sum + row.cells.review.count, 0);
  return {
    falseRejects: good.cells.reject,
    escapes: defective.cells.pass,
    review: observedRate(reviewed, total),
  };
}
