import type { CoveredImage } from '../../../src-main/common/maps/cover.ts';
import { scoreAt } from '../../../src-main/common/maps/resize.ts';
import { formatScore, scoreDigits } from '../../format/numbers.ts';
import type { Workstation } from '../../app/workstation.svelte.ts';
import { watch } from '../../reactivity/watch.svelte.ts';

/** What a method says of the pixel under the pointer. */
export interface ComparedScore {
  method: number;
  label: string;
  /** A dash while there is no pixel, or its map is on its way. */
  score: string;
}

/**
 * Scores of the pixel under the pointer by the methods that are compared with the chosen one, where they have a result of the
 * image. Their maps are loaded once the pointer is over it. To be made in a component.
 */
export class ComparedScores {
  readonly #station: Workstation;
  /** By the name of the map. */
  #maps = $state.raw<ReadonlyMap<string, CoveredImage>>(new Map());
  readonly #results = $derived.by(() => {
    const { comparison, methods, results, shown } = this.#station;
    return comparison.methods
      .filter((method) => method !== methods.chosenId)
      .flatMap((method) => results.get(shown?.image?.id, method) ?? []);
  });
  readonly #pointed: boolean = $derived.by(() => this.#station.viewing.pointer !== undefined);
  readonly all: readonly ComparedScore[] = $derived.by(() => {
    const { methods, viewing } = this.#station;
    const { pointer } = viewing;
    return this.#results.map(({ method, map, min, max }) => {
      const covered = this.#maps.get(map);
      const score = pointer && covered && scoreAt(covered, Math.floor(pointer.x), Math.floor(pointer.y));
      return {
        method,
        label: methods.label(method),
        score: score === undefined ? '–' : formatScore(score, scoreDigits(max - min)),
      };
    });
  });

  constructor(station: Workstation) {
    this.#station = station;
    watch(
      () => (this.#pointed ? this.#results : undefined),
      (results) => {
        if (!results) return;
        this.#maps = new Map();
        for (const result of results) {
          // What cannot be loaded stays a dash: the screens of the method itself say why.
          station.maps.covered(result).then(
            (covered) =>
              this.#results === results && (this.#maps = new Map([...this.#maps, [result.map, covered]])),
            () => undefined,
          );
        }
      },
    );
  }
}
