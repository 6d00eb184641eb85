import { toErrorReport } from '../../api/failures.ts';
import type { ContourPart, RegionList } from '../../image-cache/outline.ts';
import { watch } from '../../reactivity/watch.svelte.ts';
import type { Outlined, OutlineDeps } from './outlined.ts';
import { PartialContour, type ContourLoader } from './partial-contour.svelte.ts';

type Wanted = { [Part in keyof Outlined]: NonNullable<Outlined[Part]> };

/** Contour and regions of a map that is too large to be in memory: the contour in the visible part, and all regions. */
export class LargeOutline {
  /** Regions of the current threshold; undefined until they are found. */
  list = $state.raw<RegionList>();
  readonly #deps: OutlineDeps;
  readonly #read: () => Outlined | undefined;
  readonly #fail: (thrown: unknown) => void;
  readonly #wanted: Wanted | undefined = $derived.by(() => {
    const { result, threshold, scope } = this.#read() ?? {};
    return result && threshold !== undefined && scope ? { result, threshold, scope } : undefined;
  });
  /** The contour separates the regions below the size limits, so it changes when they are known. */
  readonly #loader: ContourLoader | undefined = $derived.by(() => {
    const wanted = this.#wanted;
    void (wanted?.scope.limits && this.list);
    if (!wanted) return undefined;
    const { result: inspection, threshold, scope } = wanted;
    return (level, part) => this.#deps.maps.contourPart({ inspection, threshold, scope, level, part });
  });
  readonly #contour: PartialContour;

  constructor(deps: OutlineDeps, read: () => Outlined | undefined, fail: (thrown: unknown) => void) {
    this.#deps = deps;
    this.#read = read;
    this.#fail = fail;
    this.#contour = new PartialContour(deps.viewer, () => this.#loader, fail);
    watch(
      () => this.#wanted,
      (wanted, signal) => {
        this.list = undefined;
        if (wanted) void this.#findRegions(wanted, signal);
      },
    );
  }

  get isActive(): boolean {
    return this.#wanted !== undefined;
  }

  get contour(): ContourPart | undefined {
    return this.#contour.current;
  }

  async #findRegions({ result, threshold, scope }: Wanted, signal: AbortSignal): Promise<void> {
    try {
      const list = await this.#deps.maps.regions(result, threshold, scope);
      if (!signal.aborted) this.list = list;
    } catch (thrown) {
      if (!signal.aborted && toErrorReport(thrown).code !== 'CANCELED') this.#fail(thrown);
    }
  }
}
