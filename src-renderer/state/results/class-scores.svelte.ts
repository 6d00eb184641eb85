import { createContext } from 'svelte';
import type { Result } from '../../../src-main/common/api/runs.ts';
import { nudge } from '../../../src-main/common/maps/value-range.ts';
import { classRange } from '../../../src-main/common/maps/class-range.ts';
import type { ValueRange } from '../../../src-main/common/maps/value-range.ts';
import { scoreDigits } from '../../format/numbers.ts';
import type { DatasetStore } from '../datasets/dataset-store.svelte.ts';
import type { ResultStore } from './result-store.svelte.ts';
import type { ThresholdStore } from './threshold-store.svelte.ts';

/** The scores of one texture class by one method, with their shared range and threshold. */
export interface ClassScores {
  textureClass: string;
  results: readonly Result[];
  /** The threshold suggested for the class, and the active one: the user's own, or else the suggested one. */
  suggested: number;
  threshold: number;
  isCustom: boolean;
  /** The range of heatmaps, histogram and slider. */
  scale: ValueRange;
  /** Decimal places of displayed scores. */
  digits: number;
  /** Number of images with scores >= threshold. */
  above: number;
}

/** The scores of all classes of the dataset by the selected method. */
export class ClassScoresStore {
  readonly #proposals: ReadonlyMap<string, Proposal> = $derived.by(() => this.#propose());
  readonly byClass: ReadonlyMap<string, ClassScores> = $derived.by(() => {
    const scores = [...this.#proposals].map(([name, proposal]) => this.#scores(name, proposal));
    return new Map(scores.map((each) => [each.textureClass, each]));
  });

  readonly #datasets: DatasetStore;
  readonly #results: ResultStore;
  readonly #thresholds: ThresholdStore;
  readonly #method: () => number | undefined;

  /** @param method returns the selected method */
  constructor(
    datasets: DatasetStore,
    results: ResultStore,
    thresholds: ThresholdStore,
    method: () => number | undefined,
  ) {
    this.#datasets = datasets;
    this.#results = results;
    this.#thresholds = thresholds;
    this.#method = method;
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
    if (scores) this.setThreshold(scores.textureClass, nudge(scores.threshold, steps, scores.scale));
  }

  #propose(): ReadonlyMap<string, Proposal> {
    const { byId } = this.#datasets;
    const results = [...this.#results.byMethod(this.#method()).values()];
    const classes = Map.groupBy(results, ({ image }) => byId.get(image)?.textureClass);
    const proposals = new Map<string, Proposal>();
    for (const [name, members] of classes) {
      if (name !== undefined) proposals.set(name, { results: members, ...classRange(members) });
    }
    return proposals;
  }

  #scores(textureClass: string, { results, range, threshold: proposed }: Proposal): ClassScores {
    const dataset = this.#datasets.selectedId;
    const method = this.#method();
    const chosen =
      dataset === undefined || method === undefined
        ? undefined
        : this.#thresholds.get({ dataset, method, textureClass });
    const threshold = chosen ?? proposed;
    const high = Math.max(range.high, threshold);
    // The range must not be empty, even if all scores are equal.
    const stretched = { low: range.low, high: high > range.low ? high : range.low + 1 };
    return {
      textureClass,
      results,
      suggested: proposed,
      threshold,
      isCustom: chosen !== undefined,
      scale: stretched,
      digits: scoreDigits(stretched.high - stretched.low),
      above: results.filter(({ max }) => max >= threshold).length,
    };
  }
}

interface Proposal {
  results: readonly Result[];
  range: ValueRange;
  threshold: number;
}

export const [getScores, setScores] = createContext<ClassScoresStore>();
