import { createContext } from 'svelte';
import type { Recipe, RecipeDefinition } from '../../../src-main/common/api/recipes.ts';
import type { AnyMethod } from '../../../src-main/common/api/schemas.ts';
import type { StoredMethod } from '../../../src-main/common/api/runs.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { isConnectionLost, toErrorReport } from '../../api/failures.ts';
import type { DatasetStore } from '../datasets/dataset-store.svelte.ts';
import type { ImageSelection } from '../images/image-selection.svelte.ts';
import type { MethodStore } from '../methods/method-store.svelte.ts';
import type { Notices } from '../notices.svelte.ts';
import type { RunStore } from '../runs/run-store.svelte.ts';
import type { SettingsStore } from '../settings/settings-store.svelte.ts';
import { calibrationOutcome, type CalibrationOutcome } from './calibration-outcome.ts';
import { ImageScores, scoringPart, type ScoreRequest } from './image-scores.svelte.ts';
import { RecipeDraft } from './recipe-draft.svelte.ts';
import type { RecipeStore } from './recipe-store.svelte.ts';

export interface CalibrationDeps {
  datasets: DatasetStore;
  methods: MethodStore;
  notices: Notices;
  recipes: RecipeStore;
  runs: RunStore;
  selection: ImageSelection;
  settings: SettingsStore;
}

/** The selected class's recipe: its draft, the image scores, and the draft's effect on them. */
export class Calibration {
  /** The class data that the screen shows. */
  view = $state<'scores' | 'drift'>('scores');
  /** Whether the dialog that creates a recipe is open. */
  creating = $state(false);
  /** Whether the draft is being saved, the progress of its calibration in images, and why saving failed. */
  saving = $state(false);
  calibrating = $state.raw<{ done: number; total: number }>();
  failure = $state('');
  /** Whether a run of the missing images was requested but is not queued yet. */
  starting = $state(false);
  /** The stored method of the draft; undefined while it loads. */
  method = $state.raw<StoredMethod>();
  readonly scores: ImageScores;
  /** The selected class, or the open image's class. */
  readonly textureClass: string | undefined = $derived.by(() => {
    const { datasets, selection } = this.#deps;
    return (
      datasets.textureClass ?? selection.image?.textureClass ?? datasets.current?.classes[0]?.textureClass
    );
  });
  /** The recipe that decides the class. */
  readonly recipe: Recipe | undefined = $derived.by(() =>
    this.#deps.recipes.ofClass(this.#deps.datasets.selectedId, this.textureClass),
  );
  readonly draft: RecipeDraft | undefined = $derived.by(() => this.recipe && this.#draftOf(this.recipe.id));
  readonly outcome: CalibrationOutcome | undefined = $derived.by(() =>
    this.draft
      ? calibrationOutcome(this.scores.images, this.draft.definition, this.draft.chosen, this.draft.source)
      : undefined,
  );
  /** The draft's method as text, so that dependents update only if it changes. */
  readonly methodText: string | undefined = $derived.by(
    () => this.draft && JSON.stringify(this.draft.definition.method),
  );
  /** The scoring request as text. */
  readonly requestText: string | undefined = $derived.by(() => {
    const { recipe, draft, textureClass, outcome } = this;
    const { datasets, methods, recipes } = this.#deps;
    if (!recipe || !draft || datasets.selectedId === undefined || textureClass === undefined)
      return undefined;
    const definition: RecipeDefinition = { ...draft.definition, thresholds: outcome?.thresholds ?? null };
    const results = methods.used.map(({ id, results }) => `${id}:${results}`).join(' ');
    const request: ScoreRequest = {
      recipe: recipe.id,
      dataset: datasets.selectedId,
      textureClass,
      draft: scoringPart(definition),
      version: `${results}, ${datasets.version}, ${recipes.version}`,
    };
    return JSON.stringify(request);
  });

  readonly #deps: CalibrationDeps;
  /** Drafts by recipe. They are kept when another screen opens. */
  readonly #drafts = new Map<number, RecipeDraft>();

  constructor(client: Client, deps: CalibrationDeps) {
    this.#deps = deps;
    this.scores = new ImageScores(client);
  }

  /** Loads a definition's stored method, which runs refer to. */
  async loadMethod(definition: AnyMethod): Promise<void> {
    this.method = undefined;
    try {
      const method = await this.#deps.methods.store(definition);
      if (JSON.stringify(this.draft?.definition.method) === JSON.stringify(definition)) this.method = method;
    } catch (thrown) {
      if (!isConnectionLost(thrown))
        this.#deps.notices.showError('Could not load the method of the recipe', toErrorReport(thrown));
    }
  }

  /**
   * Saves the draft: its changes as one revision, and the thresholds of a chosen rule, which the host
   * derives, as another one.
   */
  async save(): Promise<void> {
    const { draft } = this;
    if (!draft?.changed || draft.outdated || this.saving) return;
    this.saving = true;
    this.failure = '';
    try {
      await this.#save(draft);
    } catch (thrown) {
      this.failure = isConnectionLost(thrown)
        ? 'The connection was lost. Try again.'
        : toErrorReport(thrown).message;
    } finally {
      this.saving = false;
      this.calibrating = undefined;
    }
  }

  async #save(draft: RecipeDraft): Promise<void> {
    const { textureClass } = this;
    const { datasets, recipes } = this.#deps;
    const { selectedId: dataset } = datasets;
    if (dataset === undefined || textureClass === undefined) return;
    const { chosen, edits, reason } = draft;
    const recipe = draft.recipe.id;
    if (Object.keys(edits).length > 0) {
      await recipes.revise(recipe, draft.base, edits, reason);
      draft.rebase();
    }
    if (chosen)
      await recipes.calibrate({ recipe, dataset, textureClass, ...chosen, reason }, (progress) => {
        this.calibrating = progress;
      });
    draft.discard();
  }

  /** Queues a run of the images without a result, including training images. */
  async inspectMissing(): Promise<void> {
    const { method, textureClass } = this;
    const { datasets, notices, runs, settings } = this.#deps;
    const { selectedId: dataset } = datasets;
    const images = [...this.scores.missing];
    if (!method || dataset === undefined || textureClass === undefined || images.length === 0) return;
    this.starting = true;
    try {
      const { provider } = settings.values;
      const scope = { dataset, classes: [textureClass], methods: [method.id], images };
      await runs.start({ ...scope, split: 'all', provider, first: true });
    } catch (thrown) {
      const failure = toErrorReport(thrown);
      if (failure.code !== 'CONFLICT') notices.showError(`${textureClass} is not inspected`, failure);
    } finally {
      this.starting = false;
    }
  }

  /** The drafts with changes. */
  get unsaved(): readonly RecipeDraft[] {
    return [...this.#drafts.values()].filter(({ changed }) => changed);
  }

  #draftOf(recipe: number): RecipeDraft {
    const known = this.#drafts.get(recipe);
    if (known) return known;
    const { byId } = this.#deps.recipes;
    const first = byId.get(recipe);
    if (!first) throw new Error(`Recipe ${recipe} does not exist. It may have been removed.`);
    const draft = new RecipeDraft(() => this.#deps.recipes.byId.get(recipe) ?? first);
    this.#drafts.set(recipe, draft);
    return draft;
  }
}

export const [getCalibration, setCalibration] = createContext<Calibration>();
