import type { Estimate, Preset, Run, RunPlace, SkippedClasses } from '../../../src-main/common/api/runs.ts';
import type { AnyMethod, MethodOptions } from '../../../src-main/common/api/schemas.ts';
import { toErrorReport, isConnectionLost } from '../../api/failures.ts';
import { changedDraft, firstDraft, type MethodDraft } from './method-draft.ts';
import type { Connection } from '../../api/connection.svelte.ts';
import type { MethodStore } from '../../state/methods/method-store.svelte.ts';
import type { RunStore } from '../../state/runs/run-store.svelte.ts';
import type { SettingsStore } from '../../state/settings/settings-store.svelte.ts';

/** A method built in the form, without a preset. */
export interface BuiltMethod {
  key: string;
  definition: AnyMethod;
}

/** Estimated cost of a method of a run. */
type MethodEstimate = Estimate & { definition: AnyMethod };

/** Estimated cost of a run. */
export interface RunEstimate {
  items: number;
  seconds: number;
  bytes: number;
  /** Whether all times were measured on this machine; otherwise some come from the cost model. */
  measured: boolean;
}

/** The stores that a new run is built from. */
export interface NewRunDeps {
  connection: Connection;
  methods: MethodStore;
  runs: RunStore;
  settings: SettingsStore;
}

/** The state of the form for a new run. */
export class NewRun {
  /** Selected classes; none means all. */
  classes = $state.raw<readonly string[]>([]);
  presets = $state.raw<readonly string[]>([]);
  built = $state.raw<readonly BuiltMethod[]>([]);
  /** The method in the method builder. */
  draft = $state.raw<MethodDraft>();
  /** Where the run is worked on. */
  place = $state<RunPlace>('here');
  /** Whether a queue is set, from which workers take tasks. */
  hasQueue = $state(false);
  failure = $state('');
  starting = $state(false);
  estimates = $state.raw<readonly MethodEstimate[]>([]);

  readonly definitions: readonly AnyMethod[] = $derived.by(() => [
    ...this.#deps.methods.presets
      .filter(({ name }) => this.presets.includes(name))
      .map(({ definition }) => definition),
    ...this.built.map(({ definition }) => definition),
  ]);
  /** Estimate of the whole run; undefined until known. */
  readonly estimate: RunEstimate | undefined = $derived.by(() => {
    if (this.estimates.length === 0) return undefined;
    const sum = (of: 'images' | 'seconds') =>
      this.estimates.reduce((total, estimate) => total + estimate[of], 0);
    return {
      items: sum('images'),
      seconds: sum('seconds'),
      bytes: Math.max(...this.estimates.map(({ bytes }) => bytes)),
      measured: this.estimates.every(({ basis, images }) => basis === 'measured' || images === 0),
    };
  });

  /** What its methods skip. */
  readonly skipped: readonly (SkippedClasses & { definition: AnyMethod })[] = $derived.by(() =>
    this.estimates.flatMap(({ skipped, definition }) => (skipped ? [{ ...skipped, definition }] : [])),
  );

  readonly #deps: NewRunDeps;

  constructor(deps: NewRunDeps) {
    this.#deps = deps;
  }

  toggleClass(name: string): void {
    this.classes = withToggled(this.classes, name);
  }

  togglePreset({ name }: Preset): void {
    this.presets = withToggled(this.presets, name);
  }

  /** Changes part of the draft, or of the default method if there is no draft. */
  change(part: Partial<MethodDraft>, options: MethodOptions): void {
    this.draft = changedDraft(this.draft ?? firstDraft(options), part, options);
  }

  add(definition: AnyMethod): void {
    const key = JSON.stringify(definition);
    if (!this.built.some((method) => method.key === key)) this.built = [...this.built, { key, definition }];
  }

  remove(key: string): void {
    this.built = this.built.filter((method) => method.key !== key);
  }

  /** Finds out whether workers can take part. */
  async loadQueue(): Promise<void> {
    try {
      this.hasQueue = (await this.#deps.connection.client.settings.queue()).url !== null;
      if (!this.hasQueue) this.place = 'here';
    } catch (thrown) {
      if (!isConnectionLost(thrown)) this.failure = toErrorReport(thrown).message;
    }
  }

  /** Loads the estimates of the methods on the selected classes of a dataset. */
  async loadEstimates(dataset: number, signal: AbortSignal): Promise<void> {
    const { connection, settings } = this.#deps;
    const classes = this.classes.length > 0 ? { classes: [...this.classes] } : {};
    try {
      const definitions = [...this.definitions];
      const { estimates } = await connection.client.runs.estimate(
        { dataset, ...classes, definitions, provider: settings.values.provider },
        { signal },
      );
      if (signal.aborted) return;
      this.estimates = estimates.map((estimate, at) => ({ ...estimate, definition: definitions[at] }));
    } catch (thrown) {
      if (signal.aborted || isConnectionLost(thrown)) return;
      this.estimates = [];
      this.failure = toErrorReport(thrown).message;
    }
  }

  /** Starts the run. Returns undefined and sets `failure` if it is refused. */
  async start(dataset: number): Promise<Run | undefined> {
    const { methods, runs, settings } = this.#deps;
    this.starting = true;
    try {
      const stored = await Promise.all(this.definitions.map((definition) => methods.store(definition)));
      const run = await runs.start({
        dataset,
        methods: stored.map(({ id }) => id),
        provider: settings.values.provider,
        place: this.place,
        ...(this.classes.length > 0 && { classes: [...this.classes] }),
      });
      this.failure = '';
      if (stored[0]) methods.select(stored[0]);
      return run;
    } catch (thrown) {
      this.failure = toErrorReport(thrown).message;
      return undefined;
    } finally {
      this.starting = false;
    }
  }
}

function withToggled(chosen: readonly string[], name: string): readonly string[] {
  return chosen.includes(name) ? chosen.filter((other) => other !== name) : [...chosen, name];
}
