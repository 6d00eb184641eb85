import { type MetricName, type Metrics, metrics } from '../../common/api/evaluation.ts';
import { csv } from '../csv.ts';
import { DECISIONS, LABELS } from '../../common/decisions/confusion.ts';
import type { ClassDecisions } from './decisions.ts';
import { metricNames, type Report, reportRows } from './report.ts';

/**
 * Every metric of every class and method, one row each, the means last. Names are the contract's; values are
 * fractions of 1. If recipes decide classes, the counts of their decisions follow, in every row of a class.
 */
export function csvReport(report: Report): string {
  const { dataset, ignoreBorder, proFprLimit } = report;
  const names = (Object.keys(metrics.shape) as (keyof Metrics)[]).filter((name) => name !== 'notes');
  const heads = report.decisions.length > 0 ? ['recipe', 'revision', ...decisionNames] : [];
  const decided = (title: string): (string | number | null)[] => {
    const of = report.decisions.find(({ textureClass }) => textureClass === title);
    return of ? decisionValues(of) : heads.map(() => null);
  };
  const rows = reportRows(report).flatMap(({ title, entries }) =>
    entries.map(({ method, metrics: known, percents }) => {
      const mean = (name: keyof Metrics) => {
        const value = metricNames.includes(name as MetricName) ? percents[name as MetricName].value : null;
        return value === null ? null : value / 100;
      };
      const values = names.map((name) => (known ? known[name] : mean(name)));
      return [dataset, title, method.label, ignoreBorder, proFprLimit, ...values, ...decided(title)];
    }),
  );
  return csv(['dataset', 'class', 'method', 'ignoreBorder', 'proFprLimit', ...names, ...heads], rows);
}

/** "goodPass": the number of good images that pass. */
const decisionNames = LABELS.flatMap((label) =>
  DECISIONS.map((decision) => `${label}${decision[0].toUpperCase()}${decision.slice(1)}`),
);

function decisionValues({ recipe, revision, table }: ClassDecisions): (string | number)[] {
  const counts = table.rows.flatMap(({ cells }) => DECISIONS.map((decision) => cells[decision].count));
  return [recipe, revision, ...counts];
}
