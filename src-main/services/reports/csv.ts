import { type MetricName, type Metrics, metrics } from '../../common/api/evaluation.ts';
import { csv } from '../csv.ts';
import { metricNames, type Report, reportRows } from './report.ts';

/**
 * Every metric of every class and method, one row each, the means last. Names are the contract's; values are
 * fractions of 1.
 */
export function csvReport(report: Report): string {
  const { dataset, ignoreBorder, proFprLimit } = report;
  const names = (Object.keys(metrics.shape) as (keyof Metrics)[]).filter((name) => name !== 'notes');
  const rows = reportRows(report).flatMap(({ title, entries }) =>
    entries.map(({ method, metrics: known, percents }) => {
      const mean = (name: keyof Metrics) => {
        const value = metricNames.includes(name as MetricName) ? percents[name as MetricName].value : null;
        return value === null ? null : value / 100;
      };
      const values = names.map((name) => (known ? known[name] : mean(name)));
      return [dataset, title, method.label, ignoreBorder, proFprLimit, ...values];
    }),
  );
  return csv(['dataset', 'class', 'method', 'ignoreBorder', 'proFprLimit', ...names], rows);
}
