import type { Mask } from './mask.ts';
import { EMPTY, union, type Rectangle } from './rectangle.ts';
import { boundsOf, packRuns, unpackRuns, type Runs } from '../../src-main/common/maps/mask-runs.ts';

/** A user action: a stroke, a region, a dilation. Edits with the same group object are undone together. */
export interface EditGroup {
  /** Its label on the undo button. */
  readonly title: string;
  /** The ground truth if no pixel is anomalous after the action; normal by default. */
  readonly empty?: EmptyMask;
}

/** The ground truth of an image whose mask is empty: no defect, or not annotated. */
export type EmptyMask = 'normal' | 'unknown';

interface Edit {
  group: EditGroup;
  /** The toggled pixels of each step, packed. */
  steps: Uint8Array[];
  bounds: Rectangle;
  bytes: number;
}

/**
 * Memory of all edits. At 4096 x 4096, a brush stroke takes a few kilobytes, and the worst possible edit
 * takes 16 MiB.
 */
const MAX_BYTES = 512 * 2 ** 20;

/**
 * Changes a mask, with undo and redo. A pixel has two states, so an edit is the set of toggled pixels, and undo toggles them
 * again.
 */
export class History {
  readonly mask: Mask;
  #origin: EmptyMask;
  readonly #maxBytes: number;
  readonly #done: Edit[] = [];
  #undone: Edit[] = [];
  #bytes = 0;

  /**
   * @param origin an empty mask's ground truth before the first edit
   * @param maxBytes limit beyond which the oldest edits are forgotten
   */
  constructor(mask: Mask, origin: EmptyMask = 'normal', maxBytes = MAX_BYTES) {
    this.mask = mask;
    this.#origin = origin;
    this.#maxBytes = maxBytes;
  }

  /** The ground truth if the mask is empty. */
  get empty(): EmptyMask {
    const last = this.#done.at(-1);
    return last ? (last.group.empty ?? 'normal') : this.#origin;
  }

  /** Number of edits that can be undone. */
  get depth(): number {
    return this.#done.length;
  }

  /** The title of the next undo; undefined if there is none. */
  get undoTitle(): string | undefined {
    return this.#done.at(-1)?.group.title;
  }

  /** The title of the next redo; undefined if there is none. */
  get redoTitle(): string | undefined {
    return this.#undone.at(-1)?.group.title;
  }

  /** Memory used by the edits. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Marks pixels as anomalous or normal.
   *
   * @returns the bounds of the changed pixels; empty if none changed
   */
  write(runs: Runs, anomalous: boolean, group: EditGroup): Rectangle {
    const changed = this.mask.write(runs, anomalous);
    if (changed.length === 0) return EMPTY;
    const bounds = boundsOf(changed, this.mask.width);
    const packed = packRuns(changed);
    const last = this.#done.at(-1);
    this.#forget(this.#undone);
    this.#undone = [];
    this.#bytes += packed.byteLength;
    if (last?.group === group) {
      last.steps.push(packed);
      last.bytes += packed.byteLength;
      last.bounds = union(last.bounds, bounds);
    } else {
      this.#done.push({ group, steps: [packed], bounds, bytes: packed.byteLength });
    }
    while (this.#bytes > this.#maxBytes && this.#done.length > 1) {
      this.#origin = this.#done[0].group.empty ?? 'normal';
      this.#forget(this.#done.splice(0, 1));
    }
    return bounds;
  }

  /** Records an edit that changes the ground truth and no pixel. Does nothing if the ground truth is the same. */
  mark(group: EditGroup): void {
    if (this.#done.at(-1)?.group === group || this.empty === (group.empty ?? 'normal')) return;
    this.#forget(this.#undone);
    this.#undone = [];
    this.#done.push({ group, steps: [], bounds: EMPTY, bytes: 0 });
  }

  /** Undoes the last edit. @returns the bounds of the changed pixels; empty if there was nothing to undo */
  undo(): Rectangle {
    const edit = this.#done.pop();
    if (!edit) return EMPTY;
    this.#undone.push(edit);
    return this.#toggle(edit);
  }

  /** Repeats the most recently undone edit. */
  redo(): Rectangle {
    const edit = this.#undone.pop();
    if (!edit) return EMPTY;
    this.#done.push(edit);
    return this.#toggle(edit);
  }

  #toggle({ steps, bounds }: Edit): Rectangle {
    for (const step of steps) this.mask.toggle(unpackRuns(step));
    return bounds;
  }

  #forget(edits: Edit[]): void {
    for (const { bytes } of edits) this.#bytes -= bytes;
  }
}
