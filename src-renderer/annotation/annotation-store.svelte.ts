import { createContext } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import type { DatasetImage } from '../../src-main/common/api/datasets.ts';
import type { ErrorReport } from '../../src-main/common/api/errors.ts';
import type { Inspection } from '../../src-main/common/api/schemas.ts';
import { imageAddress } from '../api/assets.ts';
import { failureOf } from '../api/failures.ts';
import type { MaskWorker } from '../mask/mask-worker.ts';
import type { Runs } from '../mask/runs.ts';
import type { Point } from '../mask/shapes.ts';
import { Recent } from '../image-cache/recent.ts';
import { Annotation, type Desk } from './mask-document.svelte.ts';
import type { Draft } from './drafts.ts';
import { Gesture } from './draw-gesture.svelte.ts';
import { Tools, type ToolName } from './tools.svelte.ts';

/** What regions are taken from: the map of the image that is shown, and the threshold that holds. */
export interface Heat {
  inspection: Inspection;
  threshold: number;
}

/** Masks and their histories that stay open behind the one that is drawn. */
const KEPT_BYTES = 384 * 2 ** 20;

/** The drawing desk: tools that stay in hand from image to image, and the image that lies on it. */
export class AnnotationStore {
  readonly tools = new Tools();
  readonly gesture = new Gesture(
    this.tools,
    () => (this.busy === undefined ? this.annotation?.drawing : undefined),
    (place, takesAway) => void this.#pick(place, takesAway),
  );
  annotation = $state.raw<Annotation>();
  /** Why the image could not be opened. */
  failure = $state.raw<ErrorReport>();
  /** What is being worked out, in words; nothing is drawn meanwhile. */
  busy = $state<string>();
  /** Why a tool did nothing. */
  remark = $state('');
  opacity = $state(0.4);
  hidden = $state(false);
  /** What has the keyboard's focus while it draws. */
  surface = $state.raw<HTMLElement>();
  /** Marks the image as normal; the screen asks for a name first where there is none. */
  askNormal: () => void = () => {};
  heat: () => Heat | undefined = () => undefined;
  /** An unsaved annotation that the screen asks about at once, because the window is about to close. */
  settling = $state.raw<{ annotation: Annotation; done: () => void }>();
  readonly #desk: Desk;
  readonly #kept = new Recent<Annotation>(KEPT_BYTES);
  /** What was put away and is not in the store (yet). */
  readonly #unsaved = new SvelteMap<number, Annotation>();
  #wanted: number | undefined;
  /** Ends when the drafts of pages that ended are restored: an image that has one is opened with it. */
  #recovery: Promise<unknown> = Promise.resolve();

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  get #worker(): MaskWorker {
    return this.#desk.worker;
  }

  /** Whether there is anything that the store does not have, of whatever image. */
  get pending(): boolean {
    return this.annotation?.saving.pending === true || this.#unsaved.size > 0;
  }

  /** The annotations with changes that the store does not have. */
  get unsaved(): Annotation[] {
    const shown = this.annotation?.saving.pending ? [this.annotation] : [];
    return [...shown, ...[...this.#unsaved.values()].filter((other) => other !== this.annotation)];
  }

  /** Lays an image on the desk; what lies there is saved beside. */
  async open(image: DatasetImage): Promise<void> {
    if (this.#wanted === image.id && !this.failure) return;
    void this.leave();
    this.#wanted = image.id;
    try {
      await this.#recovery;
      const annotation = await this.#opened(image);
      if (this.#wanted === image.id) this.annotation = annotation;
    } catch (thrown) {
      if (this.#wanted === image.id) this.failure = failureOf(thrown);
    }
  }

  /** Takes the image from the desk and saves it. Returns whether the store has everything. */
  async leave(): Promise<boolean> {
    const { annotation } = this;
    this.gesture.cancel();
    this.#wanted = undefined;
    this.annotation = undefined;
    this.failure = undefined;
    this.remark = '';
    if (!annotation) return true;
    const { image, drawing, saving } = annotation;
    this.#unsaved.set(image.id, annotation);
    if (!(await saving.flush())) return false;
    this.#unsaved.delete(image.id);
    this.#kept.put(String(image.id), annotation, drawing.bytes);
    return true;
  }

  /** Saves what could not be saved, of whatever image. */
  async saveAgain(): Promise<void> {
    await this.annotation?.saving.flush();
    for (const [id, annotation] of this.#unsaved)
      if (await annotation.saving.flush()) this.#unsaved.delete(id);
  }

  /** Has the screen ask what keeps an annotation from being saved. Resolves when the person answered or dismissed it. */
  async settle(annotation: Annotation): Promise<void> {
    await new Promise<void>((done) => (this.settling = { annotation, done }));
    this.settling = undefined;
  }

  /** Drops every change that is not saved. To be called when the page is about to close. */
  async discard(): Promise<void> {
    await Promise.all(this.unsaved.map(({ image }) => this.#desk.drafts.drop(image.id)));
    this.#unsaved.clear();
    this.annotation = undefined;
  }

  /**
   * Restores the drafts of pages that ended, and saves those that can be saved.
   *
   * @param find the image of a draft as it is now; undefined where it is gone
   * @returns the names of the images, restored and gone
   */
  async recoverDrafts(
    find: (draft: Draft) => Promise<DatasetImage | undefined>,
  ): Promise<{ restored: string[]; gone: string[] }> {
    const recovery = this.#recoverDrafts(find);
    this.#recovery = recovery.catch(() => {});
    const recovered = await recovery;
    if (recovered.restored.length > 0) await this.saveAgain();
    return recovered;
  }

  async #recoverDrafts(
    find: (draft: Draft) => Promise<DatasetImage | undefined>,
  ): Promise<{ restored: string[]; gone: string[] }> {
    const restored: string[] = [];
    const gone: string[] = [];
    for (const draft of await this.#desk.drafts.claim()) {
      const image = await find(draft);
      if (image) {
        const annotation = await Annotation.recover(this.#desk, image, draft);
        if (!annotation) continue;
        this.#unsaved.set(image.id, annotation);
        restored.push(image.name);
      } else {
        await this.#desk.drafts.drop(draft.image.id);
        gone.push(draft.image.name);
      }
    }
    return { restored, gone };
  }

  /** Shows the newest ground truth of the image, where others than this window may have changed it. */
  async reload(): Promise<void> {
    const { annotation } = this;
    if (!annotation || !(await annotation.saving.flush()) || (await annotation.refresh())) return;
    const opened = await Annotation.open(this.#desk, annotation.image);
    if (this.annotation === annotation) this.annotation = opened;
  }

  /** Takes a tool in hand; what was begun with another is given up. */
  choose(name: ToolName): void {
    this.gesture.cancel();
    this.remark = '';
    this.tools.name = name;
  }

  undo(): void {
    if (this.gesture.open) this.gesture.takeBack();
    else if (!this.gesture.down && this.busy === undefined) this.annotation?.drawing.undo();
  }

  redo(): void {
    if (!this.gesture.down && this.busy === undefined) this.annotation?.drawing.redo();
  }

  async grow(): Promise<void> {
    const { radius } = this.tools;
    await this.#work('Growing', 'Grow', true, ({ worker, drawn }) =>
      worker.ask('grow', { ...drawn, radius }),
    );
  }

  async shrink(): Promise<void> {
    const { radius } = this.tools;
    await this.#work('Shrinking', 'Shrink', false, ({ worker, drawn }) =>
      worker.ask('shrink', { ...drawn, radius }),
    );
  }

  async fillHoles(): Promise<void> {
    await this.#work('Filling holes', 'Fill holes', true, ({ worker, drawn }) => worker.ask('holes', drawn));
  }

  async removeSpecks(): Promise<void> {
    const area = this.tools.speckArea;
    await this.#work('Removing specks', 'Remove specks', false, ({ worker, drawn }) =>
      worker.ask('specks', { ...drawn, area }),
    );
  }

  /** One of the images that were open before, with its history, unless somebody else changed it meanwhile. */
  async #opened(image: DatasetImage): Promise<Annotation> {
    const unsaved = this.#unsaved.get(image.id);
    if (unsaved) return unsaved;
    const kept = this.#kept.get(String(image.id));
    return kept && (await kept.refresh()) ? kept : await Annotation.open(this.#desk, image);
  }

  async #pick({ x, y }: Point, takesAway: boolean): Promise<void> {
    const { name, tolerance, contiguous } = this.tools;
    const place = { x: Math.floor(x), y: Math.floor(y) };
    if (name === 'fill') {
      const isAnomalous = this.annotation?.drawing.mask.has(place.x, place.y) ?? false;
      if (isAnomalous !== takesAway) {
        this.remark = takesAway ? 'There is nothing to take away here.' : 'This place is anomalous already.';
        return;
      }
      await this.#work('Filling', 'Fill', !takesAway, ({ worker, drawn }) =>
        worker.ask('fill', { ...drawn, ...place }),
      );
    } else if (name === 'wand') {
      await this.#work('Looking for what is alike', 'Magic wand', !takesAway, ({ worker, image }) =>
        worker.ask('wand', { image: imageAddress(image.id), ...place, tolerance, contiguous }),
      );
    } else if (name === 'region') {
      await this.#pickRegion(place, takesAway);
    }
  }

  async #pickRegion(place: Point, takesAway: boolean): Promise<void> {
    const heat = this.heat();
    if (!heat) {
      this.remark =
        'This image has no heatmap by the chosen method: run the method on it, or choose another.';
      return;
    }
    await this.#work('Finding the region', 'Region from the heatmap', !takesAway, async ({ worker }) => {
      const region = await worker.ask('region', { ...heat, ...place });
      if (!region)
        this.remark = 'The score here is below the threshold: click inside the contour, or lower it.';
      return region;
    });
  }

  /** Has the worker find pixels and writes them, unless another image was opened meanwhile. */
  async #work(
    words: string,
    title: string,
    anomalous: boolean,
    find: (at: {
      worker: MaskWorker;
      image: DatasetImage;
      drawn: { pixels: Uint8Array<ArrayBuffer>; size: { width: number; height: number } };
    }) => Promise<Runs | undefined>,
  ): Promise<void> {
    const { annotation } = this;
    if (!annotation || this.busy !== undefined || this.gesture.down) return;
    const { drawing, image } = annotation;
    const { pixels, width, height } = drawing.mask;
    this.busy = words;
    this.remark = '';
    try {
      const drawn = { pixels, size: { width, height } };
      const runs = await find({ worker: this.#worker, image, drawn });
      if (!runs || this.annotation !== annotation) return;
      const { version } = drawing;
      drawing.write(runs, anomalous, { title });
      if (drawing.version === version) this.remark = `${title}: nothing to change.`;
    } catch (thrown) {
      this.remark = failureOf(thrown).message;
    } finally {
      this.busy = undefined;
    }
  }
}

export const [getAnnotation, setAnnotation] = createContext<AnnotationStore>();
