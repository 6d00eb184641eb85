import type { Mask } from './mask.ts';
import { EMPTY, union, type Rectangle } from './rectangle.ts';
import { boundsOf, packRuns, unpackRuns, type Runs } from './runs.ts';

/** What a person is about: a stroke, a region, a growth. Steps of one and the same group are undone together. */
export interface EditGroup {
  /** What it is called, for the undo button. */
  readonly title: string;
  /** What the image is where no pixel is anomalous after it; normal where left out. */
  readonly empty?: EmptyMask;
}

/** What a mask without any anomalous pixel says of its image: that it has no defect, or that nothing is known. */
export type EmptyMask = 'normal' | 'unknown';

interface Edit {
  group: EditGroup;
  /** The pixels that it turned, packed, in the order of its steps. */
  steps: Uint8Array[];
  bounds: Rectangle;
  bytes: number;
}

/** What edits may take together. At 4096 x 4096 a brush stroke takes some kilobytes, the worst thinkable edit 16 MiB. */
const MOST_BYTES = 512 * 2 ** 20;

/**
 * Changes a mask such that everything can be undone. As a pixel has two states, an edit is the set of pixels that it turned,
 * and undoing it is turning them again.
 */
export class History {
  readonly mask: Mask;
  #origin: EmptyMask;
  readonly #mostBytes: number;
  readonly #done: Edit[] = [];
  #undone: Edit[] = [];
  #bytes = 0;

  /**
   * @param origin what the mask says where it is empty before the first edit
   * @param mostBytes beyond which the oldest edits can no longer be undone
   */
  constructor(mask: Mask, origin: EmptyMask = 'normal', mostBytes = MOST_BYTES) {
    this.mask = mask;
    this.#origin = origin;
    this.#mostBytes = mostBytes;
  }

  /** What the mask says where it is empty now. */
  get empty(): EmptyMask {
    const last = this.#done.at(-1);
    return last ? (last.group.empty ?? 'normal') : this.#origin;
  }

  /** Edits that can be undone. */
  get depth(): number {
    return this.#done.length;
  }

  /** What undo would take back, and redo do again; undefined where there is nothing. */
  get undoTitle(): string | undefined {
    return this.#done.at(-1)?.group.title;
  }

  get redoTitle(): string | undefined {
    return this.#undone.at(-1)?.group.title;
  }

  /** Bytes that the edits take. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Makes pixels anomalous, or normal.
   *
   * @returns the rectangle that changed, empty where nothing did
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
    while (this.#bytes > this.#mostBytes && this.#done.length > 1) {
      this.#origin = this.#done[0].group.empty ?? 'normal';
      this.#forget(this.#done.splice(0, 1));
    }
    return bounds;
  }

  /** Makes an edit of an group that turned no pixel but says something else of the image; nothing where it says the same. */
  mark(group: EditGroup): void {
    if (this.#done.at(-1)?.group === group || this.empty === (group.empty ?? 'normal')) return;
    this.#forget(this.#undone);
    this.#undone = [];
    this.#done.push({ group, steps: [], bounds: EMPTY, bytes: 0 });
  }

  /** Takes the last edit back. Returns the rectangle that changed, empty where there was nothing to undo. */
  undo(): Rectangle {
    const edit = this.#done.pop();
    if (!edit) return EMPTY;
    this.#undone.push(edit);
    return this.#turn(edit);
  }

  /** Does the edit again that was undone last. */
  redo(): Rectangle {
    const edit = this.#undone.pop();
    if (!edit) return EMPTY;
    this.#done.push(edit);
    return this.#turn(edit);
  }

  #turn({ steps, bounds }: Edit): Rectangle {
    for (const step of steps) this.mask.flip(unpackRuns(step));
    return bounds;
  }

  #forget(edits: Edit[]): void {
    for (const { bytes } of edits) this.#bytes -= bytes;
  }
}
