import type { Estimate, Preset, Run } from '../../../src-main/api/runs.ts';
import type { AnyMethod, Method, MethodChoices } from '../../../src-main/api/schemas.ts';
import { failureOf, isLost } from '../../api/failures.ts';
import type { Workstation } from '../../state/workstation.svelte.ts';

/** A method that was put together here, beside those that have a name. */
export interface BuiltMethod {
  key: string;
  definition: Method;
}

type Needs = Pick<Workstation, 'catalogue' | 'connection' | 'methods' | 'runs' | 'settings'>;

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
    ...this.#station.methods.presets
      .filter(({ name }) => this.presets.includes(name))
      .map(({ definition }) => definition),
    ...this.built.map(({ definition }) => definition),
  ]);
  /** Seconds that all methods need for all images; undefined where that is known of none. */
  readonly seconds: number | undefined = $derived.by(() => {
    const known = this.estimates.flatMap(({ secondsPerImage, images }) =>
      secondsPerImage === null ? [] : [secondsPerImage * images],
    );
    return known.length === 0 ? undefined : known.reduce((sum, seconds) => sum + seconds, 0);
  });
  readonly bytes: number = $derived(Math.max(0, ...this.estimates.map(({ bytes }) => bytes ?? 0)));
  readonly measured: boolean = $derived(this.estimates.every(({ measured }) => measured));

  readonly #station: Needs;

  constructor(station: Needs) {
    this.#station = station;
  }

  toggleClass(name: string): void {
    this.classes = toggled(this.classes, name);
  }

  togglePreset({ name }: Preset): void {
    this.presets = toggled(this.presets, name);
  }

  /** Changes one of the chips or numbers; a reference that the statistic does not take gives way to one that it takes. */
  change(part: Partial<Method>, choices: MethodChoices): void {
    const draft = { ...choices.standard, ...this.draft, ...part };
    const taken = choices.statistics.find(({ name }) => name === draft.statistic)?.references ?? [];
    if (taken.length > 0 && !taken.includes(draft.reference)) draft.reference = taken[0];
    if (part.statistic !== undefined) delete draft.parameters;
    this.draft = draft;
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
    const { client } = this.#station.connection;
    const classes = this.classes.length > 0 ? { classes: [...this.classes] } : {};
    try {
      const estimates = await Promise.all(
        this.definitions.map((definition) =>
          client.runs.estimate({ dataset, ...classes, definition }, { signal }),
        ),
      );
      if (!signal.aborted) this.estimates = estimates;
      this.refused = '';
    } catch (thrown) {
      if (signal.aborted || isLost(thrown)) return;
      this.estimates = [];
      this.refused = failureOf(thrown).message;
    }
  }

  /** Queues it; undefined where it was refused, with the reason in `refused`. */
  async start(dataset: number): Promise<Run | undefined> {
    const { methods, runs, settings } = this.#station;
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
      if (stored[0]) methods.choose(stored[0]);
      return run;
    } catch (thrown) {
      this.refused = failureOf(thrown).message;
      return undefined;
    } finally {
      this.starting = false;
    }
  }
}

function toggled(chosen: readonly string[], name: string): readonly string[] {
  return chosen.includes(name) ? chosen.filter((other) => other !== name) : [...chosen, name];
}
