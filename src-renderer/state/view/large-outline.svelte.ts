import type { Result } from '../../../src-main/common/api/runs.ts';
import { levelCount } from '../../../src-main/common/tiles.ts';
import { toErrorReport } from '../../api/failures.ts';
import type { ContourPart } from '../../image-cache/map-contour.ts';
import type { OutlineScope, RegionList } from '../../image-cache/worker-requests.ts';
import type { ViewerState } from '../../viewer/viewer-state.svelte.ts';
import { visiblePart, type Point, type Size } from '../../viewer/viewport.ts';
import { watch } from '../../reactivity/watch.svelte.ts';
import type { Outlined, OutlineDeps } from './image-outline.svelte.ts';

/** The contour is computed for the visible part and this fraction of it on each side, so that panning finds it. */
const MARGIN = 0.25;

interface Wanted {
  result: Result;
  threshold: number;
  scope: OutlineScope;
}

/** Contour and regions of a map that is too large to be in memory: the contour in the visible part, and all regions. */
export class LargeOutline {
  readonly #deps: OutlineDeps;
  readonly #fail: (thrown: unknown) => void;
  /** Regions of the current threshold; undefined until they are found. */
  list = $state.raw<RegionList>();
  contour = $state.raw<ContourPart>();
  /** What the contour belongs to. */
  #drawn: { level: number; wanted: Wanted; list: RegionList | undefined } | undefined;
  #next: (() => Promise<void>) | undefined;
  #running = false;

  constructor(deps: OutlineDeps, read: () => Outlined | undefined, fail: (thrown: unknown) => void) {
    this.#deps = deps;
    this.#fail = fail;
    const wanted = (): Wanted | undefined => {
      const { result, threshold, scope } = read() ?? {};
      return result && threshold !== undefined && scope ? { result, threshold, scope } : undefined;
    };
    watch(wanted, (current, signal) => {
      this.list = undefined;
      this.contour = undefined;
      this.#drawn = undefined;
      if (current) void this.#findRegions(current, signal);
    });
    watch(
      () => {
        const current = wanted();
        return current && { current, list: this.list, ...visible(deps.viewer) };
      },
      (state) => state && this.#show(state.current, state.list, state.level, state.part),
    );
  }

  async #findRegions({ result, threshold, scope }: Wanted, signal: AbortSignal): Promise<void> {
    try {
      const list = await this.#deps.maps.regions(result, threshold, scope);
      if (!signal.aborted) this.list = list;
    } catch (thrown) {
      if (!signal.aborted && toErrorReport(thrown).code !== 'CANCELED') this.#fail(thrown);
    }
  }

  #show(wanted: Wanted, list: RegionList | undefined, level: number, part: Point & Size): void {
    const drawn = this.#drawn;
    const isSame =
      drawn?.level === level &&
      drawn.list === list &&
      JSON.stringify(drawn.wanted) === JSON.stringify(wanted);
    if (isSame && this.contour && contains(this.contour.part, part)) return;
    this.#next = async () => {
      const { result, threshold, scope } = wanted;
      const { image } = this.#deps.viewer;
      const contour = await this.#deps.maps.contourPart({
        ...{ inspection: result, threshold, scope, level },
        part: withMargin(part, image),
      });
      if (this.#next) return;
      this.#drawn = { level, wanted, list };
      this.contour = contour;
    };
    if (!this.#running) void this.#run();
  }

  /** Computes one contour at a time, and skips all but the latest. */
  async #run(): Promise<void> {
    this.#running = true;
    try {
      for (let next = this.#next; next; next = this.#next) {
        this.#next = undefined;
        await next();
      }
    } catch (thrown) {
      this.#fail(thrown);
    } finally {
      this.#running = false;
    }
  }
}

/** The visible part, and the level whose pixels are one to two device pixels. */
function visible({ view, image, pane, zoom }: ViewerState): { part: Point & Size; level: number } {
  const level = Math.min(Math.max(Math.ceil(-Math.log2(zoom) - 1e-9), 0), levelCount(image) - 1);
  return { part: visiblePart(view, image, pane), level };
}

function withMargin({ x, y, width, height }: Point & Size, image: Size): Point & Size {
  const left = Math.max(0, x - MARGIN * width);
  const top = Math.max(0, y - MARGIN * height);
  return {
    x: left,
    y: top,
    width: Math.min(image.width, x + width * (1 + MARGIN)) - left,
    height: Math.min(image.height, y + height * (1 + MARGIN)) - top,
  };
}

function contains(outer: Point & Size, inner: Point & Size): boolean {
  return (
    outer.x <= inner.x + 0.5 &&
    outer.y <= inner.y + 0.5 &&
    outer.x + outer.width >= inner.x + inner.width - 0.5 &&
    outer.y + outer.height >= inner.y + inner.height - 0.5
  );
}
