import { type FigureName, type Figures, figures } from '../../common/api/evaluation.ts';
import { csv } from '../csv.ts';
import { figureNames, type Report, reportRows } from './report.ts';

/** Every figure of every class and method, a row each, the means last; the contract's names, fractions of 1. */
export function csvReport(report: Report): string {
  const { dataset, border, proLimit } = report;
  const names = (Object.keys(figures.shape) as (keyof Figures)[]).filter((name) => name !== 'notes');
  const rows = reportRows(report).flatMap(({ title, entries }) =>
    entries.map(({ method, figures: known, percents }) => {
      const mean = (name: keyof Figures) => {
        const value = figureNames.includes(name as FigureName) ? percents[name as FigureName].value : null;
        return value === null ? null : value / 100;
      };
      const values = names.map((name) => (known ? known[name] : mean(name)));
      return [dataset, title, method.label, border, proLimit, ...values];
    }),
  );
  return csv(['dataset', 'class', 'method', 'border', 'proLimit', ...names], rows);
}
