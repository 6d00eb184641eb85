import type { MetricName } from '../../common/api/evaluation.ts';
import type { Rate } from '../../common/api/recipes.ts';
import { decisionRates, DECISIONS } from '../../common/decisions/confusion.ts';
import type { ClassDecisions } from './decisions.ts';
import { type Entry, metricNames, type Report, reportRows } from './report.ts';

/** The report as JSON: metrics as fractions of 1, the paper's metrics in percent, as printed. */
export function jsonReport(report: Report): string {
  const { dataset, ignoreBorder, proFprLimit, methods, notes, paper } = report;
  const rows = reportRows(report).map(({ textureClass, entries }) => ({
    class: textureClass ?? null,
    metrics: Object.fromEntries(
      entries.map((entry) => [entry.method.label, entry.metrics ?? meansOf(entry)]),
    ),
    ...(paper && {
      paper: Object.fromEntries(
        paper.systems.map((system) => [
          system,
          textureClass === undefined ? paper.mean(system) : paper.at(textureClass, system),
        ]),
      ),
    }),
  }));
  const outcome = {
    dataset,
    ignoreBorder,
    proFprLimit,
    methods: methods.map(({ label, definition }) => ({ label, definition })),
    ...(paper && { paperDataset: paper.dataset }),
    /** For the mean of the classes, the class is null. */
    rows,
    decisions: report.decisions.map(decisionsOf),
    notes,
  };
  return `${JSON.stringify(outcome, null, 2)}\n`;
}

function decisionsOf({ textureClass, table, ...of }: ClassDecisions) {
  const counted = table.rows.map(({ label, total, cells }) => ({
    label,
    total,
    ...Object.fromEntries(DECISIONS.map((decision) => [decision, cells[decision].count])),
  }));
  // The ids of the images have a meaning only in this store.
  const rates = Object.entries(decisionRates(table)).map(
    ([name, { count, of, low, high }]: [string, Rate]) => [name, { count, of, low, high }],
  );
  const undecided = table.undecided.length;
  return { class: textureClass, ...of, undecided, rows: counted, ...(Object.fromEntries(rates) as object) };
}

function meansOf({ percents }: Entry): Record<MetricName, number | null> {
  const fraction = (name: MetricName) => {
    const { value } = percents[name];
    return value === null ? null : value / 100;
  };
  return Object.fromEntries(metricNames.map((name) => [name, fraction(name)])) as Record<
    MetricName,
    number | null
  >;
}
