import type { GroundTruth } from '../../src-main/common/api/datasets.ts';
import { History, type EmptyMask, type EditGroup } from '../mask/history.ts';
import { Mask } from '../mask/mask.ts';
import type { Size } from '../viewer/viewport.ts';
import { Pyramid } from '../mask/pyramid.ts';
import { EMPTY, isEmpty, type Rectangle } from '../mask/rectangle.ts';
import { complementOf, type Runs } from '../../src-main/common/maps/mask-runs.ts';

/** One image's mask while it is edited, with its undo history and its pyramid for rendering. */
export class MaskEditor {
  readonly mask: Mask;
  readonly pyramid: Pyramid;
  readonly #history: History;
  #watchers: readonly ((changed: Rectangle) => void)[] = [];
  /** Incremented by every change. */
  version = $state(0);
  /** Number of anomalous pixels. */
  count = $state(0);
  undoTitle = $state<string>();
  redoTitle = $state<string>();

  /**
   * @param runs the anomalous pixels; none by default
   * @param empty the ground truth while the mask is empty
   */
  constructor(size: Size, runs?: Runs, empty: EmptyMask = 'normal') {
    this.mask = new Mask(size);
    if (runs) this.mask.write(runs, true);
    this.pyramid = new Pyramid(this.mask);
    this.#history = new History(this.mask, empty);
    this.count = this.mask.count;
  }

  /** Memory used by mask, pyramid and history. */
  get bytes(): number {
    return this.pyramid.bytes + this.#history.bytes;
  }

  get groundTruth(): GroundTruth {
    void this.version;
    return this.count > 0 ? 'masked' : this.#history.empty;
  }

  /** Marks pixels as anomalous or normal. Edits of one group are undone together. */
  write(runs: Runs, anomalous: boolean, group: EditGroup): void {
    this.#changed(this.#history.write(runs, anomalous, group));
  }

  /** Replaces the mask. Can be undone. */
  replace(runs: Runs, group: EditGroup): void {
    this.write(complementOf(runs, this.mask), false, group);
    this.write(runs, true, group);
    this.#changeHistory(() => {
      this.#history.mark(group);
      return EMPTY;
    });
  }

  undo(): void {
    this.#changeHistory(() => this.#history.undo());
  }

  redo(): void {
    this.#changeHistory(() => this.#history.redo());
  }

  /** Calls back with the bounds of each change. @returns a function that stops the calls */
  watch(watcher: (changed: Rectangle) => void): () => void {
    this.#watchers = [...this.#watchers, watcher];
    return () => {
      this.#watchers = this.#watchers.filter((other) => other !== watcher);
    };
  }

  /** Also notifies watchers of an edit that changes the ground truth and no pixel. */
  #changeHistory(move: () => Rectangle): void {
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
