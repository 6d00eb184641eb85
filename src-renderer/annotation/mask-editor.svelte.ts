import type { GroundTruth } from '../../src-main/common/api/datasets.ts';
import { History, type EmptyMask, type EditGroup } from '../mask/history.ts';
import { Mask } from '../mask/mask.ts';
import type { Size } from '../viewer/viewport.ts';
import { Pyramid } from '../mask/pyramid.ts';
import { EMPTY, isEmpty, type Rectangle } from '../mask/rectangle.ts';
import { runsOf, type Runs } from '../mask/runs.ts';

/** The mask of one image while it is drawn, with its history and what is needed to show it. */
export class MaskEditor {
  readonly mask: Mask;
  readonly pyramid: Pyramid;
  readonly #history: History;
  #watchers: readonly ((changed: Rectangle) => void)[] = [];
  /** Grows with every change of a pixel. */
  version = $state(0);
  /** Anomalous pixels. */
  count = $state(0);
  undoTitle = $state<string>();
  redoTitle = $state<string>();

  /**
   * @param pixels 0 or 255 each; none anomalous where left out
   * @param empty what the mask says of the image as long as it is empty
   */
  constructor(size: Size, pixels?: Uint8Array<ArrayBuffer>, empty: EmptyMask = 'normal') {
    this.mask = new Mask(size, pixels);
    this.pyramid = new Pyramid(this.mask);
    this.#history = new History(this.mask, empty);
    this.count = this.mask.count;
  }

  /** Bytes that it takes: mask, pyramid, history. */
  get bytes(): number {
    return (this.mask.pixels.byteLength * 4) / 3 + this.#history.bytes;
  }

  /** What the drawing says of the image. */
  get groundTruth(): GroundTruth {
    void this.version;
    return this.count > 0 ? 'masked' : this.#history.empty;
  }

  /** Makes pixels anomalous, or normal; steps of the same group are undone together. */
  write(runs: Runs, anomalous: boolean, group: EditGroup): void {
    this.#changed(this.#history.write(runs, anomalous, group));
  }

  /** Makes the mask another one, as an edit that can be undone. */
  replace(pixels: Uint8Array, group: EditGroup): void {
    this.write(runsOf(pixels, this.mask.width, 'clear'), false, group);
    this.write(runsOf(pixels, this.mask.width), true, group);
    this.#moved(() => {
      this.#history.mark(group);
      return EMPTY;
    });
  }

  undo(): void {
    this.#moved(() => this.#history.undo());
  }

  redo(): void {
    this.#moved(() => this.#history.redo());
  }

  /** Calls back with every rectangle that changed, until the function returned is called. */
  watch(watcher: (changed: Rectangle) => void): () => void {
    this.#watchers = [...this.#watchers, watcher];
    return () => {
      this.#watchers = this.#watchers.filter((other) => other !== watcher);
    };
  }

  /** An edit may change what the mask says and no pixel of it. */
  #moved(move: () => Rectangle): void {
    const { depth } = this.#history;
    const rectangle = move();
    if (this.#history.depth !== depth) this.#changed(rectangle, true);
  }

  #changed(rectangle: Rectangle, always = false): void {
    if (isEmpty(rectangle) && !always) return;
    if (!isEmpty(rectangle)) this.pyramid.update(rectangle);
    this.version++;
    this.count = this.mask.count;
    this.undoTitle = this.#history.undoTitle;
    this.redoTitle = this.#history.redoTitle;
    for (const watcher of this.#watchers) watcher(rectangle);
  }
}
