import type {
  CalibrationRule,
  CalibrationSource,
  DecisionThresholds,
  Recipe,
  RecipeDefinition,
} from '../../../src-main/common/api/recipes.ts';

/** The fields that scores depend on. Changing one invalidates the thresholds. */
const SCORING = ['method', 'modelSha256', 'region', 'sizeLimits', 'edgeMargin', 'mmPerPixel'] as const;
type Scoring = (typeof SCORING)[number];
type Edits = Partial<RecipeDefinition>;

/** How a draft's thresholds are chosen. A rule's numbers are kept when another rule is chosen. */
export interface ChosenRule {
  rule: CalibrationRule;
  source: CalibrationSource;
}

/** Unsaved changes of a recipe. */
export class RecipeDraft {
  /** The reason for saving the revision. */
  reason = $state('');
  /** The images that calibrate. */
  source = $state<CalibrationSource>('all');
  readonly #recipe: () => Recipe;
  #edits = $state.raw<Edits>({});
  #chosen = $state.raw<ChosenRule>();
  /** The revision that was edited; undefined if nothing was edited. */
  #base = $state<number>();

  /** @param recipe returns the recipe with its latest revision */
  constructor(recipe: () => Recipe) {
    this.#recipe = recipe;
    this.source = recipe().latest.definition.calibration?.source ?? 'all';
  }

  get recipe(): Recipe {
    return this.#recipe();
  }

  /** The definition with the changes, without the thresholds that a rule proposes. */
  get definition(): RecipeDefinition {
    const cleared = this.#scoringChanged ? { thresholds: null, calibration: null } : {};
    return { ...this.recipe.latest.definition, ...cleared, ...this.#edits };
  }

  /** The rule whose thresholds are proposed; undefined if they are saved or set by hand. */
  get chosen(): ChosenRule | undefined {
    return this.#chosen ?? this.#repeated();
  }

  get changed(): boolean {
    return Object.keys(this.#edits).length > 0 || this.#chosen !== undefined;
  }

  /** Whether a later revision than the one that was edited exists. */
  get outdated(): boolean {
    return this.changed && this.base !== this.recipe.latest.revision;
  }

  /** Changes parts of the definition. A part that equals the latest revision's does not count as a change. */
  set(part: Partial<Omit<RecipeDefinition, 'thresholds' | 'calibration'>>): void {
    this.#edit(part);
    if (SCORING.some((name) => name in part)) {
      const { thresholds: _, calibration: __, ...rest } = this.#edits;
      this.#edits = rest;
    }
  }

  /** Sets thresholds by hand, or clears them (null). */
  setThresholds(thresholds: DecisionThresholds | null): void {
    const { calibration } = this.recipe.latest.definition;
    const kept = thresholds && !this.#scoringChanged ? calibration : null;
    this.#chosen = undefined;
    this.#edit({
      thresholds,
      calibration: kept && { ...kept, rule: { type: 'manual' }, guaranteedFalseRejects: null },
    });
    if (!('thresholds' in this.#edits)) {
      const { calibration: _, ...rest } = this.#edits;
      this.#edits = rest;
    }
  }

  /** Makes a rule choose the thresholds. */
  choose(rule: CalibrationRule): void {
    const { thresholds: _, calibration: __, ...rest } = this.#edits;
    this.#edits = rest;
    this.#chosen = { rule, source: this.source };
    this.#base ??= this.recipe.latest.revision;
  }

  /** Changes the images that calibrate. */
  setSource(source: CalibrationSource): void {
    this.source = source;
    const rule = this.chosen?.rule ?? this.recipe.latest.definition.calibration?.rule;
    if (rule && rule.type !== 'manual') this.choose(rule);
  }

  /** The changes to save, without thresholds that a rule chooses. */
  get edits(): Edits {
    return this.#edits;
  }

  /** The revision that the changes are based on. */
  get base(): number {
    return this.#base ?? this.recipe.latest.revision;
  }

  /** Applies the changes to the latest revision. */
  rebase(): void {
    this.#base = this.recipe.latest.revision;
    this.#edit({});
  }

  discard(): void {
    this.#edits = {};
    this.#chosen = undefined;
    this.#base = undefined;
    this.reason = '';
    this.source = this.recipe.latest.definition.calibration?.source ?? 'all';
  }

  get #scoringChanged(): boolean {
    return SCORING.some((part) => part in this.#edits);
  }

  #edit(part: Edits): void {
    const latest = this.recipe.latest.definition;
    const edits = Object.entries({ ...this.#edits, ...part }).filter(
      ([name, value]) => !isEqual(value, latest[name as Scoring]),
    );
    this.#edits = Object.fromEntries(edits);
    this.#base = edits.length > 0 || this.#chosen ? (this.#base ?? this.recipe.latest.revision) : undefined;
  }

  /** The latest revision's rule, which is repeated when the scores change. */
  #repeated(): ChosenRule | undefined {
    const calibration = this.recipe.latest.definition.calibration;
    if (!this.#scoringChanged || 'thresholds' in this.#edits) return undefined;
    if (!calibration || calibration.rule.type === 'manual') return undefined;
    return { rule: calibration.rule, source: this.source };
  }
}

function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
