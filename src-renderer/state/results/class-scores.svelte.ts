import { createContext } from 'svelte';
import type { Result } from '../../../src-main/common/api/runs.ts';
import { nudge } from '../../../src-main/common/maps/value-range.ts';
import { classRange, rangeResults } from '../../../src-main/common/maps/class-range.ts';
import type { ValueRange } from '../../../src-main/common/maps/value-range.ts';
import { scoreDigits } from '../../format/numbers.ts';
import type { DatasetStore } from '../datasets/dataset-store.svelte.ts';
import type { ResultStore } from './result-store.svelte.ts';
import type { ThresholdStore } from './threshold-store.svelte.ts';

/** The scores of one texture class by one method, with their shared range and threshold. */
export interface ClassScores {
  textureClass: string;
  results: readonly Result[];
  /**
   * The threshold suggested for the class, and the active threshold: the user's if set, otherwise the
   * suggested one.
   */
  suggested: number;
  threshold: number;
  isCustom: boolean;
  /** The range of heatmaps, histogram and slider. */
  range: ValueRange;
  /** Decimal places of displayed scores. */
  digits: number;
  /** Number of images with scores >= threshold. */
  above: number;
}

/** The scores of all classes of the dataset by the selected method. */
export class ClassScoresStore {
  readonly #suggestions: ReadonlyMap<string, Suggestion> = $derived.by(() => this.#suggest());
  readonly byClass: ReadonlyMap<string, ClassScores> = $derived.by(() => {
    const scores = [...this.#suggestions].map(([name, suggestion]) => this.#scores(name, suggestion));
    return new Map(scores.map((each) => [each.textureClass, each]));
  });

  readonly #datasets: DatasetStore;
  readonly #results: ResultStore;
  readonly #thresholds: ThresholdStore;
  readonly #method: () => number | undefined;
  readonly #reviewThreshold: ReviewThreshold;

  /**
   * @param method returns the selected method
   * @param reviewThreshold returns the review threshold of the recipe that decides a class by the selected method, which is
   * the suggested threshold of the contour
   */
  constructor(
    datasets: DatasetStore,
    results: ResultStore,
    thresholds: ThresholdStore,
    method: () => number | undefined,
    reviewThreshold: ReviewThreshold = () => undefined,
  ) {
    this.#datasets = datasets;
    this.#results = results;
    this.#thresholds = thresholds;
    this.#method = method;
    this.#reviewThreshold = reviewThreshold;
  }

  /** Sets the threshold of a class. @param score undefined resets it to the suggested one */
  setThreshold(textureClass: string, score: number | undefined): void {
    const dataset = this.#datasets.selectedId;
    const method = this.#method();
    if (dataset === undefined || method === undefined) return;
    this.#thresholds.set({ dataset, method, textureClass }, score);
  }

  /** Moves the threshold of a class by hundredths of its range. */
  stepThreshold(textureClass: string | undefined, steps: number): void {
    const scores = textureClass === undefined ? undefined : this.byClass.get(textureClass);
    if (scores) this.setThreshold(scores.textureClass, nudge(scores.threshold, steps, scores.range));
  }

  #suggest(): ReadonlyMap<string, Suggestion> {
    const { byId } = this.#datasets;
    const results = [...this.#results.allByMethod(this.#method()).values()];
    const classes = Map.groupBy(results, ({ image }) => byId.get(image)?.textureClass);
    const suggestions = new Map<string, Suggestion>();
    const isTest = (image: number) => byId.get(image)?.split === 'test';
    for (const [name, ofClass] of classes) {
      const members = rangeResults(ofClass, isTest);
      if (name === undefined) continue;
      const suggestion = { results: members, ...classRange(members) };
      const threshold = this.#reviewThreshold(name, members) ?? suggestion.threshold;
      suggestions.set(name, { ...suggestion, threshold });
    }
    return suggestions;
  }

  #scores(
    textureClass: string,
    { results, range: suggestedRange, threshold: suggested }: Suggestion,
  ): ClassScores {
    const dataset = this.#datasets.selectedId;
    const method = this.#method();
    const custom =
      dataset === undefined || method === undefined
        ? undefined
        : this.#thresholds.get({ dataset, method, textureClass });
    const threshold = custom ?? suggested;
    const high = Math.max(suggestedRange.high, threshold);
    // The range must not be empty, even if all scores are equal.
    const range = {
      low: suggestedRange.low,
      high: high > suggestedRange.low ? high : suggestedRange.low + 1,
    };
    return {
      textureClass,
      results,
      suggested,
      threshold,
      isCustom: custom !== undefined,
      range,
      digits: scoreDigits(range.high - range.low),
      above: results.filter(({ max }) => max >= threshold).length,
    };
  }
}

type ReviewThreshold = (textureClass: string, results: readonly Result[]) => number | undefined;

interface Suggestion {
  results: readonly Result[];
  range: ValueRange;
  threshold: number;
}

export const [getScores, setScores] = createContext<ClassScoresStore>();
