import type { ExperimentSpec, ExperimentCell, Shown } from './experiment-spec.ts';

/** The content of a cell: its numbers in the order of its metrics, or a text. */
export type Outcome = readonly (number | null)[] | string;

const DECIMALS: Record<Shown, number> = { auPro: 2, auroc: 2, f1Max: 2, imageAuroc: 2, seconds: 2 };

/** An experiment arranged as in the paper, with the paper's own numbers below if it prints any. */
export function experimentTable(spec: ExperimentSpec, outcomeOf: (cell: ExperimentCell) => Outcome): string {
  const ours = grid(spec, (cell) => texts(outcomeOf(cell), cell.shows));
  const printed = spec.rows.some(({ cells }) => cells.some(({ paper }) => paper !== undefined));
  if (!printed) return ours;
  const theirs = grid(spec, ({ paper, shows }) => (paper ? texts(paper, shows) : ''));
  return `${ours}\nThe paper, on ${spec.paperDataset ?? 'the same dataset'}:\n${theirs}`;
}

function grid({ columns, rows }: ExperimentSpec, textOf: (cell: ExperimentCell) => string): string {
  const lines = [['', ...columns], ...rows.map(({ title, cells }) => [title, ...cells.map(textOf)])];
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const padded = lines.map((line) =>
    line.map((text, column) => (column === 0 ? text.padEnd(widths[0]) : text.padStart(widths[column]))),
  );
  return padded.map((line) => `${line.join('   ').trimEnd()}\n`).join('');
}

function texts(outcome: Outcome, shows: readonly Shown[]): string {
  if (typeof outcome === 'string') return outcome;
  return shows.map((shown, at) => outcome[at]?.toFixed(DECIMALS[shown]) ?? '-').join(' / ');
}
