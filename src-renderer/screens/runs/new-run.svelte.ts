import type { Estimate, Preset, Run } from '../../../src-main/common/api/runs.ts';
import { nameIn } from '../../../src-main/common/api/component-spec.ts';
import type { AnyMethod, Method, MethodChoices } from '../../../src-main/common/api/schemas.ts';
import { toErrorReport, isConnectionLost } from '../../api/failures.ts';
import { standardOf } from './format-method.ts';
import type { Connection } from '../../api/connection.svelte.ts';
import type { MethodStore } from '../../state/methods/method-store.svelte.ts';
import type { RunStore } from '../../state/runs/run-store.svelte.ts';
import type { SettingsStore } from '../../state/settings/settings-store.svelte.ts';

/** New parts of a method; the size may be taken out. */
export type Changes = Partial<Omit<Method, 'resize'>> & { resize?: number | undefined };

/** A method that was put together here, beside those that have a name. */
export interface BuiltMethod {
  key: string;
  definition: Method;
}

/** What a run needs. */
export interface Needs {
  inspections: number;
  seconds: number;
  bytes: number;
  /** Whether all times rest on what this machine took before; else some are reckoned by formulas. */
  measured: boolean;
}

/** The stores that a new run is built from. */
export interface NewRunDeps {
  connection: Connection;
  methods: MethodStore;
  runs: RunStore;
  settings: SettingsStore;
}

/** A run that is being put together: what it covers and by which methods. */
export class NewRun {
  /** Classes that were ticked; none stands for all. */
  classes = $state.raw<readonly string[]>([]);
  presets = $state.raw<readonly string[]>([]);
  built = $state.raw<readonly BuiltMethod[]>([]);
  /** The method at the three chips. */
  draft = $state.raw<Method>();
  refused = $state('');
  starting = $state(false);
  estimates = $state.raw<readonly Estimate[]>([]);

  readonly definitions: readonly AnyMethod[] = $derived.by(() => [
    ...this.#deps.methods.presets
      .filter(({ name }) => this.presets.includes(name))
      .map(({ definition }) => definition),
    ...this.built.map(({ definition }) => definition),
  ]);
  /** What the whole run needs; undefined until that is known. */
  readonly needs: Needs | undefined = $derived.by(() => {
    if (this.estimates.length === 0) return undefined;
    const sum = (of: 'images' | 'seconds') =>
      this.estimates.reduce((total, estimate) => total + estimate[of], 0);
    return {
      inspections: sum('images'),
      seconds: sum('seconds'),
      bytes: Math.max(...this.estimates.map(({ bytes }) => bytes)),
      measured: this.estimates.every(({ basis, images }) => basis === 'measured' || images === 0),
    };
  });

  readonly #deps: NewRunDeps;

  constructor(deps: NewRunDeps) {
    this.#deps = deps;
  }

  toggleClass(name: string): void {
    this.classes = toggled(this.classes, name);
  }

  togglePreset({ name }: Preset): void {
    this.presets = toggled(this.presets, name);
  }

  /** Changes one of the chips or numbers; a reference that the statistic does not take gives way to one that it takes. */
  change(part: Changes, choices: MethodChoices): void {
    const { parameters = {}, resize, ...draft } = { ...choices.standard, ...this.draft, ...part };
    const taken = choices.statistics.find(({ name }) => name === draft.statistic)?.references ?? [];
    if (taken.length > 0 && !taken.includes(nameIn(draft.reference)))
      draft.reference = standardOf(choices.references, taken[0]);
    const own = part.statistic === undefined && Object.keys(parameters).length > 0;
    this.draft = { ...draft, ...(own && { parameters }), ...(resize !== undefined && { resize }) };
  }

  add(definition: Method): void {
    const key = JSON.stringify(definition);
    if (!this.built.some((method) => method.key === key)) this.built = [...this.built, { key, definition }];
  }

  drop(key: string): void {
    this.built = this.built.filter((method) => method.key !== key);
  }

  /** What the methods would need on the classes of a dataset. */
  async weigh(dataset: number, signal: AbortSignal): Promise<void> {
    const { client } = this.#deps.connection;
    const classes = this.classes.length > 0 ? { classes: [...this.classes] } : {};
    try {
      const definitions = [...this.definitions];
      const { estimates } = await client.runs.estimate({ dataset, ...classes, definitions }, { signal });
      if (!signal.aborted) this.estimates = estimates;
      this.refused = '';
    } catch (thrown) {
      if (signal.aborted || isConnectionLost(thrown)) return;
      this.estimates = [];
      this.refused = toErrorReport(thrown).message;
    }
  }

  /** Queues it; undefined where it was refused, with the reason in `refused`. */
  async start(dataset: number): Promise<Run | undefined> {
    const { methods, runs, settings } = this.#deps;
    this.starting = true;
    try {
      const stored = await Promise.all(this.definitions.map((definition) => methods.store(definition)));
      const run = await runs.start({
        dataset,
        methods: stored.map(({ id }) => id),
        provider: settings.values.provider,
        ...(this.classes.length > 0 && { classes: [...this.classes] }),
      });
      this.refused = '';
      if (stored[0]) methods.select(stored[0]);
      return run;
    } catch (thrown) {
      this.refused = toErrorReport(thrown).message;
      return undefined;
    } finally {
      this.starting = false;
    }
  }
}

function toggled(chosen: readonly string[], name: string): readonly string[] {
  return chosen.includes(name) ? chosen.filter((other) => other !== name) : [...chosen, name];
}
