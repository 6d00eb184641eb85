import type { Dataset } from '../../common/api/datasets.ts';
import { type BootstrapMetric, bootstrapMetric } from '../../common/api/evaluation.ts';
import { publishedMetrics } from '../../methods/systems.ts';
import { paperColumns } from '../reports/paper.ts';
import type { PublishedSystem } from './leaderboard.ts';

const PAPER = 'Ardelean and Weyrich, Tables 3, 4 and 6';

/** The published metrics of a dataset, for its classes and for the whole of it; none if it is not known. */
export function publishedSystems(
  dataset: Pick<Dataset, 'layout' | 'classes'>,
  classes: readonly string[],
): PublishedSystem[] {
  const paper = paperColumns(dataset);
  if (!paper) return [];
  const ofPaper = paper.all.map((system) => ({
    system,
    source: PAPER,
    rows: [
      ...classes.map((name) => ({ class: name, ...chosen(paper.at(name, system)) })),
      { class: null, ...chosen(paper.mean(system)) },
    ].filter((row) => Object.keys(row).length > 1),
  }));
  const others = publishedMetrics
    .filter((of) => of.dataset === paper.dataset)
    .map(({ system, source, mean }) => ({ system, source, rows: [{ class: null, ...mean }] }));
  const best = ({ rows }: PublishedSystem) => rows.find((row) => row.class === null)?.auPro ?? -1;
  return [...ofPaper, ...others].sort((a, b) => best(b) - best(a));
}

function chosen(metrics: Partial<Record<string, number>> = {}): Partial<Record<BootstrapMetric, number>> {
  const known = bootstrapMetric.options.flatMap((name) =>
    metrics[name] === undefined ? [] : [[name, metrics[name]] as const],
  );
  return Object.fromEntries(known);
}
