import {
  type Bootstrap,
  type BootstrapMetric,
  bootstrapMetric,
  type Metrics,
} from '../../common/api/evaluation.ts';
import { mean, meanResamples, percentileInterval } from './interval.ts';
import type { RankedMethod, Score, Scores } from './leaderboard.ts';

/** The metrics of a class and their resamples. */
export interface ScoredClass {
  textureClass: string;
  metrics: Metrics;
  bootstrap: Bootstrap;
}

const names = bootstrapMetric.options;

/** The classes of a dataset for which at least one method has a metric. The mean of the metric is over these. */
export type Counted = Record<BootstrapMetric, ReadonlySet<string>>;

export function countedClasses(methods: readonly (readonly ScoredClass[])[]): Counted {
  const having = (name: BootstrapMetric) => methods.flat().filter(({ metrics }) => metrics[name] !== null);
  return record((name) => new Set(having(name).map(({ textureClass }) => textureClass)));
}

/** The rows of a method: its classes and their mean. */
export function scoreRows(classes: readonly ScoredClass[], counted: Counted): RankedMethod['rows'] {
  const rows = classes.map(({ textureClass, metrics, bootstrap }) => ({
    class: textureClass,
    ...record((name) => scoreOf(metrics[name], isResampled(bootstrap) ? bootstrap.resamples[name] : [])),
  }));
  const means = record((name): Score => {
    const members = classes.filter(({ textureClass }) => counted[name].has(textureClass));
    if (members.length < counted[name].size) return scoreOf(null, []);
    // A class that is too small to be resampled counts with its value.
    const values = members.map(({ metrics }) => metrics[name]);
    const { length } =
      members.find(({ bootstrap }) => isResampled(bootstrap))?.bootstrap.resamples[name] ?? [];
    const drawn = members.map(({ bootstrap, metrics }) =>
      isResampled(bootstrap)
        ? bootstrap.resamples[name]
        : new Array<number | null>(length).fill(metrics[name]),
    );
    return scoreOf(mean(values), meanResamples(drawn));
  });
  return [...rows, { class: null, ...means }];
}

/** Whether the class has enough images for resamples to differ. */
export function isResampled({ normal, defective }: Bootstrap): boolean {
  return normal > 1 || defective > 1;
}

function scoreOf(value: number | null, resamples: readonly (number | null)[]): Score {
  const interval = value === null ? null : percentileInterval(resamples);
  return { value, low: interval?.low ?? null, high: interval?.high ?? null };
}

function record<Value>(valueOf: (name: BootstrapMetric) => Value): Record<BootstrapMetric, Value> {
  return Object.fromEntries(names.map((name) => [name, valueOf(name)])) as Record<BootstrapMetric, Value>;
}

/** Sorts by the mean AUPRO, highest first; undefined means are last. */
export function byAuPro(a: { rows: readonly Scores[] }, b: { rows: readonly Scores[] }): number {
  const of = ({ rows }: { rows: readonly Scores[] }) => rows.at(-1)?.auPro.value ?? -1;
  return of(b) - of(a);
}
