import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { compareFrameNames } from '../../../files/frames.ts';
import type { PieceFile } from '../../../store/pieces.ts';
import { fileEnd } from './file-end.ts';

/** How long a file must not change before it is whole. */
export interface WriteTimeouts {
  /** If its format says that it is whole. */
  wholeMs: number;
  /** If its format does not say. */
  unknownMs: number;
  /** If its format says that its end is missing. Its inspection then says what is wrong. */
  incompleteMs: number;
}

export const LOCAL_TIMEOUTS: WriteTimeouts = { wholeMs: 100, unknownMs: 1000, incompleteMs: 20_000 };

/** A share reports sizes and times late. */
export const SHARE_TIMEOUTS: WriteTimeouts = { wholeMs: 1000, unknownMs: 5000, incompleteMs: 60_000 };

/** Interval of looks at files that are not whole. */
const LOOK_MS = 50;

/** A file that was written longer ago is not being written. */
const OLD_MS = 5000;

interface Candidate {
  bytes: number;
  mtimeMs: number;
  /** When it was first seen with this size and time, by the monotonic clock. */
  since: number;
}

/** The files that appeared or changed, until they are whole. */
export class ArrivingFiles {
  readonly #folder: string;
  readonly #timeouts: WriteTimeouts;
  readonly #isInOrder: boolean;
  readonly #onWhole: (file: PieceFile) => Promise<void>;
  readonly #candidates = new Map<string, Candidate | undefined>();
  #loop: Promise<void> | undefined;
  #isClosed = false;

  /**
   * @param isInOrder whether files are reported in the order of their names, so that one that is not whole holds later ones up
   * @param onWhole receives each whole file, one after the other; its errors are its own
   */
  constructor(
    folder: string,
    { timeouts, isInOrder }: { timeouts: WriteTimeouts; isInOrder: boolean },
    onWhole: (file: PieceFile) => Promise<void>,
  ) {
    this.#folder = folder;
    this.#timeouts = timeouts;
    this.#isInOrder = isInOrder;
    this.#onWhole = onWhole;
  }

  /** Number of files that are not whole. */
  get size(): number {
    return this.#candidates.size;
  }

  /** Must be called for each file that appeared or changed. */
  note(file: string): void {
    if (this.#isClosed || this.#candidates.has(file)) return;
    this.#candidates.set(file, undefined);
    this.#start();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#candidates.clear();
    await this.#loop;
  }

  #start(): void {
    this.#loop ??= this.#look().finally(() => {
      this.#loop = undefined;
      // A file may have been noted after the last look.
      if (this.#candidates.size > 0 && !this.#isClosed) this.#start();
    });
  }

  async #look(): Promise<void> {
    for (;;) {
      let isHeldUp = false;
      // One time for all, so that no file passes one that was seen just before it.
      const lookedAt = performance.now();
      for (const [file, seen] of this.#inTurn()) {
        const next = await this.#examine(file, seen, lookedAt);
        if (this.#isClosed) return;
        if (next === 'gone') this.#candidates.delete(file);
        else if (next.isWhole && !isHeldUp) {
          this.#candidates.delete(file);
          await this.#onWhole({ file, bytes: next.bytes, mtimeMs: next.mtimeMs });
        } else {
          this.#candidates.set(file, next);
          isHeldUp = this.#isInOrder;
        }
      }
      if (this.#candidates.size === 0 || this.#isClosed) return;
      await sleep(LOOK_MS, undefined, { ref: false });
    }
  }

  #inTurn(): Iterable<[string, Candidate | undefined]> {
    if (!this.#isInOrder) return this.#candidates;
    return [...this.#candidates].sort(([one], [other]) => compareFrameNames(one, other));
  }

  async #examine(
    file: string,
    seen: Candidate | undefined,
    lookedAt: number,
  ): Promise<(Candidate & { isWhole: boolean }) | 'gone'> {
    const path = join(this.#folder, file);
    const found = await stat(path).catch((cause: NodeJS.ErrnoException) => cause.code);
    if (found === 'ENOENT' || found === 'ENOTDIR') return 'gone';
    // A share may be unreachable for a while.
    if (typeof found !== 'object')
      return { bytes: -1, mtimeMs: -1, since: performance.now(), isWhole: false };
    if (!found.isFile()) return 'gone';
    const { size: bytes, mtimeMs } = found;
    const now = performance.now();
    const isSame = seen?.bytes === bytes && seen.mtimeMs === mtimeMs;
    // A file that was written long ago and has just appeared was renamed, or was there before. One in order waits for those before it,
    // which may be noted after it.
    const isOld = !this.#isInOrder && Date.now() - mtimeMs > OLD_MS;
    const since = isSame ? seen.since : isOld ? now - this.#timeouts.unknownMs : now;
    const isWhole = (await this.#isWhole(path, lookedAt - since)) && (await isUnchanged(path, found));
    return { bytes, mtimeMs, since, isWhole };
  }

  async #isWhole(path: string, age: number): Promise<boolean> {
    const { wholeMs, unknownMs, incompleteMs } = this.#timeouts;
    if (age < wholeMs) return false;
    const end = await fileEnd(path).catch(() => 'incomplete' as const);
    return age >= { whole: wholeMs, unknown: unknownMs, incomplete: incompleteMs }[end];
  }
}

/** Whether a file still has its size and time: it may have been written since they were read. */
async function isUnchanged(
  path: string,
  { size, mtimeMs }: { size: number; mtimeMs: number },
): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.size === size && found.mtimeMs === mtimeMs;
}
