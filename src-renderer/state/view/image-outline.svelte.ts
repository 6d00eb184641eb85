import type { Result } from '../../../src-main/common/api/runs.ts';
import type { Region } from '../../../src-main/common/maps/regions.ts';
import { toErrorReport, isConnectionLost } from '../../api/failures.ts';
import { isLargeMap } from '../../image-cache/map-levels.ts';
import type { Outline, OutlineScope, OutlinedRegion } from '../../image-cache/outline.ts';
import { pathOf, ringAround, ringsOf } from '../../viewer/contour-rings.ts';
import type { Point, Size } from '../../viewer/viewport.ts';
import { watch } from '../../reactivity/watch.svelte.ts';
import { LargeOutline } from './large-outline.svelte.ts';
import type { Outlined, OutlineDeps } from './outlined.ts';

/** The contour and the regions of the active image. Create it in a component. */
export class ImageOutline {
  readonly #deps: OutlineDeps;
  readonly #read: () => Outlined;
  readonly #large: LargeOutline;
  /** Of a map that is in memory as a whole. */
  whole = $state.raw<Outline>();
  readonly #isLarge: boolean = $derived.by(() => {
    const { result } = this.#read();
    return result !== undefined && isLargeMap(result);
  });
  /** The regions above the threshold: those of sufficient size first, then by descending peak. */
  readonly regions: readonly OutlinedRegion[] = $derived.by(() =>
    this.#isLarge ? (this.#large.list?.regions ?? []) : (this.whole?.regions ?? []),
  );
  /** The numbers of all regions; undefined until they are known. */
  readonly counts: { large: number; small: number } | undefined = $derived.by(() => {
    if (this.#isLarge) return this.#large.list;
    if (!this.whole) return undefined;
    const small = this.regions.filter((region) => region.small).length;
    return { large: this.regions.length - small, small };
  });
  /** Whether the regions of a large map are being found. */
  readonly isSearching: boolean = $derived.by(
    () => this.#isLarge && this.#large.isActive && this.#large.list === undefined,
  );
  readonly #paths: { path: string; smallPath: string } | undefined = $derived.by(() =>
    this.#isLarge ? this.#large.contour : this.whole,
  );
  readonly contour: Path2D | undefined = $derived(this.#paths && new Path2D(this.#paths.path));
  /** The contour of regions below the size limits. */
  readonly smallContour: Path2D | undefined = $derived(
    this.#paths?.smallPath ? new Path2D(this.#paths.smallPath) : undefined,
  );
  readonly #rings: readonly Point[][] = $derived(
    ringsOf(`${this.#paths?.path ?? ''}${this.#paths?.smallPath ?? ''}`),
  );
  #request: { result: Result; threshold: number; scope: OutlineScope } | undefined;
  #running = false;
  #shown: Result | undefined;

  constructor(deps: OutlineDeps, read: () => Outlined) {
    this.#deps = deps;
    this.#read = read;
    this.#large = new LargeOutline(deps, () => (this.#isLarge ? read() : undefined), this.#fail);
    watch(
      () => (this.#isLarge ? undefined : read()),
      (outlined) => this.#show(outlined),
    );
  }

  /** Outline of a region as an SVG path, and its bounding box; undefined until its contour is known. */
  outlineOf(region: OutlinedRegion): { path: string; box: Point & Size } | undefined {
    const ring = this.#ringOf(region);
    if (ring) return { path: pathOf(ring), box: region.box };
    const { box } = region;
    if (!box) return undefined;
    const { x, y, width, height } = box;
    return { path: `M${x} ${y}h${width}v${height}h${-width}Z`, box };
  }

  #ringOf({ peakX, peakY }: Region): readonly Point[] | undefined {
    return ringAround(this.#rings, { x: peakX, y: peakY });
  }

  /** Computes one outline at a time, and skips all but the latest threshold while the slider is dragged. */
  #show(outlined: Outlined | undefined): void {
    const { result, threshold, scope } = outlined ?? {};
    if (!result || threshold === undefined || !scope) {
      this.#request = undefined;
      this.whole = undefined;
      return;
    }
    if (this.#shown !== result) this.whole = undefined;
    this.#request = { result, threshold, scope };
    if (!this.#running) void this.#outlineLatest();
  }

  async #outlineLatest(): Promise<void> {
    this.#running = true;
    try {
      while (this.#request) {
        const { result, threshold, scope } = this.#request;
        this.#request = undefined;
        const outline = await this.#deps.maps.outline(result, threshold, scope);
        // A blind review may have hidden the image in the meantime.
        const now = this.#read();
        if (now.result !== result || now.threshold === undefined) continue;
        this.#shown = result;
        this.whole = outline;
      }
    } catch (thrown) {
      this.#fail(thrown);
    } finally {
      this.#running = false;
    }
  }

  readonly #fail = (thrown: unknown): void => {
    if (!isConnectionLost(thrown))
      this.#deps.notices.showError('Could not load the anomaly map', toErrorReport(thrown));
  };
}
