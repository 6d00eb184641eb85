import { createContext } from 'svelte';
import type {
  Curves,
  MetricName,
  PaperSystem,
  ScoreHistogram,
} from '../../../src-main/common/api/evaluation.ts';
import type { ErrorReport } from '../../../src-main/common/api/errors.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { toErrorReport, isConnectionLost } from '../../api/failures.ts';
import type { CurveKind } from '../../charts/curve-chart-options.ts';
import { MAX_SERIES } from '../../charts/series-style.ts';
import { withCell, type Cells } from '../../metrics/comparison-table.ts';
import type { MethodStore } from '../methods/method-store.svelte.ts';

/** The chart of a class: one of the curves, or the score histograms. */
export type ChartKind = CurveKind | 'scores';

/** A comparison of methods: a table of metrics over all classes, and curves and score histograms of one class. */
export class MethodComparison {
  metric = $state<MetricName>('auPro');
  chart = $state<ChartKind>('pro');
  /** The method that others are compared with. */
  baseline = $state<number>();
  cells = $state.raw<Cells>(new Map());
  /** Progress of the table in cells; undefined if it is complete. */
  progress = $state.raw<{ done: number; total: number }>();
  curves = $state.raw<ReadonlyMap<number, Curves>>(new Map());
  histograms = $state.raw<ReadonlyMap<number, ScoreHistogram>>(new Map());
  paper = $state.raw<readonly PaperSystem[]>([]);
  /** Why the table, or the chart, failed to load. */
  failure = $state.raw<ErrorReport>();
  chartFailure = $state.raw<ErrorReport>();

  /** The compared methods: those that the user selected, or the most used ones. */
  readonly methods: readonly number[] = $derived.by(() => JSON.parse(this.#key) as number[]);

  readonly #client: Pick<Client, 'evaluation'>;
  readonly #methods: MethodStore;
  #selected = $state.raw<readonly number[]>();
  #dataset: number | undefined;
  /** The methods as text, so that dependents update only if the methods change, not whenever they are listed again. */
  readonly #key: string = $derived.by(() => {
    const used = this.#methods.used.map(({ id }) => id);
    const selected = this.#selected?.filter((id) => used.includes(id));
    return JSON.stringify(selected?.length ? selected : used.slice(0, MAX_SERIES));
  });

  constructor(client: Pick<Client, 'evaluation'>, methods: MethodStore) {
    this.#client = client;
    this.#methods = methods;
  }

  /** Adds or removes a method. At least one stays, and at most as many as a chart can distinguish. */
  toggle(method: number): void {
    const without = this.methods.filter((id) => id !== method);
    const selected = without.length < this.methods.length ? without : [...this.methods, method];
    if (selected.length > 0 && selected.length <= MAX_SERIES) this.#selected = selected;
  }

  /** Computes the table cell by cell. @returns a function that cancels it */
  openTable(dataset: number, methods: readonly number[]): () => void {
    const abort = new AbortController();
    // Outdated metrics of the same dataset stay visible until the new ones are computed.
    if (dataset !== this.#dataset) this.cells = new Map();
    this.#dataset = dataset;
    void this.#loadTable(dataset, [...methods], abort.signal);
    return () => abort.abort();
  }

  /** Loads a class's curves. @returns a function that cancels the load */
  openCurves(dataset: number, textureClass: string, methods: readonly number[]): () => void {
    this.curves = new Map();
    return this.#loadEach(methods, async (method, signal) => {
      const curves = await this.#client.evaluation.curves({ dataset, textureClass, method }, { signal });
      if (!signal.aborted) this.curves = new Map(this.curves).set(method, curves);
    });
  }

  /** Loads a class's score histograms. @returns a function that cancels the load */
  openHistograms(dataset: number, textureClass: string, methods: readonly number[]): () => void {
    this.histograms = new Map();
    return this.#loadEach(methods, async (method, signal) => {
      const counts = await this.#client.evaluation.histogram({ dataset, textureClass, method }, { signal });
      if (!signal.aborted) this.histograms = new Map(this.histograms).set(method, counts);
    });
  }

  async #loadTable(dataset: number, methods: number[], signal: AbortSignal): Promise<void> {
    this.failure = undefined;
    this.progress = { done: 0, total: 0 };
    try {
      const { systems } = await this.#client.evaluation.paper({ dataset }, { signal });
      if (!signal.aborted) this.paper = systems;
      for await (const event of await this.#client.evaluation.table({ dataset, methods }, { signal })) {
        if (signal.aborted) return;
        if (event.type !== 'cell') continue;
        this.cells = withCell(this.cells, event.cell);
        this.progress = { done: event.done, total: event.total };
      }
    } catch (thrown) {
      if (!signal.aborted && !isConnectionLost(thrown)) this.failure = toErrorReport(thrown);
    } finally {
      if (!signal.aborted) this.progress = undefined;
    }
  }

  #loadEach(
    methods: readonly number[],
    load: (method: number, signal: AbortSignal) => Promise<void>,
  ): () => void {
    const abort = new AbortController();
    this.chartFailure = undefined;
    void this.#loadSequentially(methods, load, abort.signal);
    return () => abort.abort();
  }

  async #loadSequentially(
    methods: readonly number[],
    load: (method: number, signal: AbortSignal) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    for (const method of methods) {
      if (signal.aborted) return;
      try {
        await load(method, signal);
      } catch (thrown) {
        if (!signal.aborted && !isConnectionLost(thrown)) this.chartFailure = toErrorReport(thrown);
      }
    }
  }
}

export const [getComparison, setComparison] = createContext<MethodComparison>();
