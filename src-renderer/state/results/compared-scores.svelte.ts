import type { ScoreReader } from '../../image-cache/score-reader.svelte.ts';
import { formatScore, scoreDigits } from '../../format/numbers.ts';
import { getMaps, type MapCache } from '../../image-cache/map-cache.ts';
import { getViewer, type ViewerState } from '../../viewer/viewer-state.svelte.ts';
import { getMethods, type MethodStore } from '../methods/method-store.svelte.ts';
import { getActiveImageSlot, type ActiveImageSlot } from '../view/active-image.svelte.ts';
import { getComparison, type MethodComparison } from './method-comparison.svelte.ts';
import { getResults, type ResultStore } from './result-store.svelte.ts';
import { watch } from '../../reactivity/watch.svelte.ts';

/** The stores that compared scores read. */
export interface ComparedScoresDeps {
  activeImage: ActiveImageSlot;
  comparison: MethodComparison;
  maps: MapCache;
  methods: MethodStore;
  results: ResultStore;
  viewer: ViewerState;
}

/** The score of the pixel under the pointer by one method. */
export interface ComparedScore {
  method: number;
  label: string;
  /** A dash if there is no pixel, or if the map has not loaded. */
  score: string;
}

/**
 * Scores of the pixel under the pointer by the compared methods that have a result for the image, except the
 * selected method. Maps load when the pointer enters the image. Create it in a component.
 */
export class ComparedScores {
  readonly #deps: ComparedScoresDeps;
  /** By map name. */
  #readers = $state.raw<ReadonlyMap<string, ScoreReader>>(new Map());
  readonly #results = $derived.by(() => {
    const { activeImage, comparison, methods, results } = this.#deps;
    return comparison.methods
      .filter((method) => method !== methods.selectedId)
      .flatMap((method) => results.get(activeImage.current?.image?.id, method) ?? []);
  });
  readonly #pointed: boolean = $derived.by(() => this.#deps.viewer.pointer !== undefined);
  readonly all: readonly ComparedScore[] = $derived.by(() => {
    const { methods, viewer } = this.#deps;
    const { pointer } = viewer;
    return this.#results.map(({ method, map, min, max }) => {
      const pixel = pointer && { x: Math.floor(pointer.x), y: Math.floor(pointer.y) };
      const score = pixel && this.#readers.get(map)?.at(pixel);
      return {
        method,
        label: methods.label(method),
        score: score === undefined ? '–' : formatScore(score, scoreDigits(max - min)),
      };
    });
  });

  constructor(deps: ComparedScoresDeps) {
    this.#deps = deps;
    watch(
      () => (this.#pointed ? this.#results : undefined),
      (results, signal) => {
        if (!results) return;
        this.#readers = new Map();
        for (const result of results) {
          // A map that fails to load remains a dash. The screens of its method show the error.
          deps.maps.scores(result).then(
            (reader) =>
              !signal.aborted && (this.#readers = new Map([...this.#readers, [result.map, reader]])),
            () => undefined,
          );
        }
      },
    );
  }
}

/** Compares the scores of the active image. Call it in a component. */
export function createComparedScores(): ComparedScores {
  return new ComparedScores({
    activeImage: getActiveImageSlot(),
    comparison: getComparison(),
    maps: getMaps(),
    methods: getMethods(),
    results: getResults(),
    viewer: getViewer(),
  });
}
