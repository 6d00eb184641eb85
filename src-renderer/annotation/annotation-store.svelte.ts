import { createContext } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import type { DatasetImage } from '../../src-main/common/api/datasets.ts';
import type { ErrorReport } from '../../src-main/common/api/errors.ts';
import type { Inspection } from '../../src-main/common/api/schemas.ts';
import { toErrorReport } from '../api/failures.ts';
import type { MaskWorker } from '../mask/mask-worker.ts';
import type { Runs } from '../../src-main/common/maps/mask-runs.ts';
import type { Selection } from '../mask/search-part.ts';
import type { Point, Size } from '../viewer/viewport.ts';
import { ByteCache } from '../image-cache/byte-cache.ts';
import { MaskDocument, type AnnotationDeps } from './mask-document.svelte.ts';
import type { Draft } from './drafts.ts';
import { DrawGesture } from './draw-gesture.svelte.ts';
import { Tools, type ToolName } from './tools.svelte.ts';

/** The image's anomaly map and its class's threshold, from which regions are selected. */
export interface HeatmapSource {
  inspection: Inspection;
  threshold: number;
}

/** Memory for masks and histories of previously opened images. */
const CACHE_BYTES = 384 * 2 ** 20;

/** The annotation tools and the open mask. Tools keep their options when the image changes. */
export class AnnotationStore {
  readonly tools = new Tools();
  readonly gesture = new DrawGesture(
    this.tools,
    () => (this.busyLabel === undefined ? this.current?.editor : undefined),
    (point, erases) => void this.#pick(point, erases),
  );
  current = $state.raw<MaskDocument>();
  /** Why the image could not be opened. */
  failure = $state.raw<ErrorReport>();
  /** The operation in progress, which disables drawing. */
  busyLabel = $state<string>();
  /** Why the last tool had no effect. */
  message = $state('');
  opacity = $state(0.4);
  hidden = $state(false);
  /** The element that has the keyboard focus while drawing. */
  canvasElement = $state.raw<HTMLElement>();
  /** Marks the image as normal. Set by the screen, which asks for an author first if there is none. */
  requestNormal: () => void = () => {};
  heatmapSource: () => HeatmapSource | undefined = () => undefined;
  /** A mask that cannot be saved while the window closes. The screen asks the user, then calls `done`. */
  unsavedPrompt = $state.raw<{ document: MaskDocument; done: () => void }>();
  readonly #deps: AnnotationDeps;
  readonly #cache = new ByteCache<MaskDocument>(CACHE_BYTES);
  /** Closed masks with unsaved changes. */
  readonly #unsaved = new SvelteMap<number, MaskDocument>();
  #requested: number | undefined;
  /**
   * Resolves when the drafts of earlier pages are restored. Images that open after that show their drafts.
   */
  #recovery: Promise<unknown> = Promise.resolve();

  constructor(deps: AnnotationDeps) {
    this.#deps = deps;
  }

  get #worker(): MaskWorker {
    return this.#deps.worker;
  }

  /** Whether any image has unsaved changes. */
  get pending(): boolean {
    return this.current?.autosave.pending === true || this.#unsaved.size > 0;
  }

  /** The masks with unsaved changes. */
  get unsaved(): MaskDocument[] {
    const open = this.current?.autosave.pending ? [this.current] : [];
    return [...open, ...[...this.#unsaved.values()].filter((other) => other !== this.current)];
  }

  /** Opens an image's mask and saves the previously open mask. */
  async open(image: DatasetImage): Promise<void> {
    if (this.#requested === image.id && !this.failure) return;
    void this.leave();
    this.#requested = image.id;
    try {
      await this.#recovery;
      const current = await this.#load(image);
      if (this.#requested === image.id) this.current = current;
    } catch (thrown) {
      if (this.#requested === image.id) this.failure = toErrorReport(thrown);
    }
  }

  /** Closes and saves the open mask. @returns whether the store has all of its changes */
  async leave(): Promise<boolean> {
    const { current } = this;
    this.gesture.cancel();
    this.#requested = undefined;
    this.current = undefined;
    this.failure = undefined;
    this.message = '';
    if (!current) return true;
    const { image, editor, autosave } = current;
    this.#unsaved.set(image.id, current);
    if (!(await autosave.flush())) return false;
    this.#unsaved.delete(image.id);
    this.#cache.set(String(image.id), current, editor.bytes);
    return true;
  }

  /** Saves all unsaved changes. */
  async saveAll(): Promise<void> {
    await this.current?.autosave.flush();
    for (const [id, unsaved] of this.#unsaved) if (await unsaved.autosave.flush()) this.#unsaved.delete(id);
  }

  /** Makes the screen ask the user about a mask that cannot be saved. Resolves when the dialog closes. */
  async settle(document: MaskDocument): Promise<void> {
    await new Promise<void>((done) => (this.unsavedPrompt = { document, done }));
    this.unsavedPrompt = undefined;
  }

  /** Discards all unsaved changes. Call it when the page is about to close. */
  async discard(): Promise<void> {
    await Promise.all(this.unsaved.map(({ image }) => this.#deps.drafts.delete(image.id)));
    this.#unsaved.clear();
    this.current = undefined;
  }

  /**
   * Restores and saves the drafts of pages that have ended.
   *
   * @param find returns a draft's current image; undefined if it no longer exists
   * @returns the names of the restored and of the missing images
   */
  async recoverDrafts(
    find: (draft: Draft) => Promise<DatasetImage | undefined>,
  ): Promise<{ restored: string[]; gone: string[] }> {
    const recovery = this.#recoverDrafts(find);
    this.#recovery = recovery.catch(() => {});
    const recovered = await recovery;
    if (recovered.restored.length > 0) await this.saveAll();
    return recovered;
  }

  async #recoverDrafts(
    find: (draft: Draft) => Promise<DatasetImage | undefined>,
  ): Promise<{ restored: string[]; gone: string[] }> {
    const restored: string[] = [];
    const missing: string[] = [];
    for (const draft of await this.#deps.drafts.claim()) {
      const image = await find(draft);
      if (image) {
        const current = await MaskDocument.recover(this.#deps, image, draft);
        if (!current) continue;
        this.#unsaved.set(image.id, current);
        restored.push(image.name);
      } else {
        await this.#deps.drafts.delete(draft.image.id);
        missing.push(draft.image.name);
      }
    }
    return { restored, gone: missing };
  }

  /** Reloads the image's ground truth if it was changed elsewhere. */
  async reload(): Promise<void> {
    const { current } = this;
    if (!current || !(await current.autosave.flush()) || (await current.refresh())) return;
    const opened = await MaskDocument.open(this.#deps, current.image);
    if (this.current === current) this.current = opened;
  }

  /** Selects a tool, and cancels an unfinished gesture. */
  selectTool(name: ToolName): void {
    this.gesture.cancel();
    this.message = '';
    this.tools.name = name;
  }

  undo(): void {
    if (this.gesture.unfinished) this.gesture.removeLastCorner();
    else if (!this.gesture.down && this.busyLabel === undefined) this.current?.editor.undo();
  }

  redo(): void {
    if (!this.gesture.down && this.busyLabel === undefined) this.current?.editor.redo();
  }

  async grow(): Promise<void> {
    const { radius } = this.tools;
    await this.#work('Growing', 'Grow', true, ({ worker, mask }) =>
      worker.request('dilate', { ...mask, radius }),
    );
  }

  async shrink(): Promise<void> {
    const { radius } = this.tools;
    await this.#work('Shrinking', 'Shrink', false, ({ worker, mask }) =>
      worker.request('erosionLoss', { ...mask, radius }),
    );
  }

  async fillHoles(): Promise<void> {
    await this.#work('Filling holes', 'Fill holes', true, ({ worker, mask }) =>
      worker.request('holes', mask),
    );
  }

  async removeSpecks(): Promise<void> {
    const area = this.tools.speckArea;
    await this.#work('Removing specks', 'Remove specks', false, ({ worker, mask }) =>
      worker.request('smallComponents', { ...mask, area }),
    );
  }

  /** Returns the cached mask with its history, unless it was changed elsewhere. */
  async #load(image: DatasetImage): Promise<MaskDocument> {
    const unsaved = this.#unsaved.get(image.id);
    if (unsaved) return unsaved;
    const cached = this.#cache.get(String(image.id));
    return cached && (await cached.refresh()) ? cached : await MaskDocument.open(this.#deps, image);
  }

  async #pick({ x, y }: Point, erases: boolean): Promise<void> {
    const { name, tolerance, contiguous } = this.tools;
    const point = { x: Math.floor(x), y: Math.floor(y) };
    if (name === 'fill') {
      const isAnomalous = this.current?.editor.mask.has(point.x, point.y) ?? false;
      if (isAnomalous !== erases) {
        this.message = erases ? 'There is nothing to remove here.' : 'This area is already filled.';
        return;
      }
      await this.#work('Filling', 'Fill', !erases, ({ worker, mask }) =>
        worker.request('fill', { ...mask, ...point }),
      );
    } else if (name === 'wand') {
      await this.#work('Selecting similar pixels', 'Magic wand', !erases, async ({ worker, image }) => {
        const { id, tiled, width, height } = image;
        const source = { id, tiled: tiled === true, width, height };
        return this.#said(
          await worker.request('selectSimilar', { image: source, ...point, tolerance, contiguous }),
        );
      });
    } else if (name === 'region') {
      await this.#pickRegion(point, erases);
    }
  }

  async #pickRegion(point: Point, erases: boolean): Promise<void> {
    const source = this.heatmapSource();
    if (!source) {
      this.message = 'This image has no heatmap. Inspect it with this method or select another method.';
      return;
    }
    await this.#work('Selecting region', 'Heatmap region', !erases, async ({ worker }) => {
      const region = await worker.request('componentAt', { ...source, ...point });
      if (!region)
        this.message = 'The score is below the threshold. Click inside a contour or lower the threshold.';
      return region && this.#said(region);
    });
  }

  /** The pixels of a selection, after a message if it ends where the search did. */
  #said({ runs, part }: Selection): Runs {
    if (part)
      this.message = `Only ${part.width} x ${part.height} pixels around the point were searched. To continue, click at their edge.`;
    return runs;
  }

  /** Computes pixels in the worker and writes them, unless another image has opened in the meantime. */
  async #work(
    label: string,
    title: string,
    anomalous: boolean,
    find: (at: {
      worker: MaskWorker;
      image: DatasetImage;
      mask: { runs: Runs; size: Size };
    }) => Promise<Runs | undefined>,
  ): Promise<void> {
    const { current } = this;
    if (!current || this.busyLabel !== undefined || this.gesture.down) return;
    const { editor, image } = current;
    const { runs: drawn, width, height } = editor.mask;
    this.busyLabel = label;
    this.message = '';
    try {
      const mask = { runs: drawn, size: { width, height } };
      const runs = await find({ worker: this.#worker, image, mask });
      if (!runs || this.current !== current) return;
      const { version } = editor;
      editor.write(runs, anomalous, { title });
      if (editor.version === version) this.message = `${title}: nothing to change.`;
    } catch (thrown) {
      this.message = toErrorReport(thrown).message;
    } finally {
      this.busyLabel = undefined;
    }
  }
}

export const [getAnnotation, setAnnotation] = createContext<AnnotationStore>();
