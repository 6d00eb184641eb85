import type { Revision } from '../../src-main/common/api/annotation.ts';
import type { ErrorReport } from '../../src-main/common/api/errors.ts';
import { toErrorReport } from '../api/failures.ts';

/** Whether the changes are in the store. */
export type SaveState =
  | { kind: 'saved' }
  /** Changed; saved after a pause. */
  | { kind: 'changed' }
  | { kind: 'saving' }
  /** No operator name is set. */
  | { kind: 'no-author' }
  | { kind: 'failed'; error: ErrorReport }
  /** Another revision has been saved, so the user has to decide. */
  | { kind: 'conflict' };

/** The operations that an autosave needs. */
export interface MaskBackend {
  /** The operator name; empty if none is set. */
  author(): string;
  /** The current mask as PNG; undefined if the ground truth is unknown. */
  encode(): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /**
   * @returns undefined if the store already has the same ground truth
   * @throws AssetError, ORPCError with code `CONFLICT` if `base` is not the latest revision
   */
  post(png: Uint8Array<ArrayBuffer> | undefined, author: string, base: number): Promise<Revision | undefined>;
  /** Receives the new revision after each save; undefined if the store already had the same ground truth. */
  saved(revision: Revision | undefined): void;
}

/** Pause between the last edit and the save. */
const PAUSE_MS = 1200;

/** Saves a mask after a pause in editing, one save at a time. It never overwrites a revision that the user has not seen. */
export class Autosave {
  state = $state.raw<SaveState>({ kind: 'saved' });
  /** The revision that the edits are based on; 0 for none. */
  base: number;
  readonly #backend: MaskBackend;
  readonly #pauseMs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #edits = 0;
  #saved = 0;
  #running: Promise<void> | undefined;

  constructor(backend: MaskBackend, base: number, pauseMs = PAUSE_MS) {
    this.#backend = backend;
    this.base = base;
    this.#pauseMs = pauseMs;
  }

  /** Whether there are unsaved changes. */
  get pending(): boolean {
    return this.#edits !== this.#saved;
  }

  /** Must be called after each edit. */
  edited(): void {
    this.#edits++;
    if (this.state.kind === 'conflict') return;
    if (!this.#running) this.state = { kind: 'changed' };
    this.#wait();
  }

  /** Saves unsaved changes immediately. @returns whether all changes are in the store */
  async flush(): Promise<boolean> {
    clearTimeout(this.#timer);
    if (this.#running) await this.#running;
    if (this.pending && this.state.kind !== 'conflict') {
      this.#running = this.#save();
      await this.#running;
    }
    return !this.pending;
  }

  /** Resolves a conflict: saves the edits as a new revision after the latest one. */
  async overwrite(latest: number): Promise<boolean> {
    this.base = latest;
    this.state = { kind: 'changed' };
    return await this.flush();
  }

  /** Must be called when the mask equals a stored revision. */
  markSaved(revision: number): void {
    clearTimeout(this.#timer);
    this.base = revision;
    this.#saved = this.#edits;
    this.state = { kind: 'saved' };
  }

  #wait(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), this.#pauseMs);
  }

  async #save(): Promise<void> {
    const author = this.#backend.author();
    if (author === '') {
      this.state = { kind: 'no-author' };
      this.#running = undefined;
      return;
    }
    this.state = { kind: 'saving' };
    const edits = this.#edits;
    try {
      const revision = await this.#backend.post(await this.#backend.encode(), author, this.base);
      if (revision) this.base = revision.revision;
      this.#saved = edits;
      this.state = { kind: this.pending ? 'changed' : 'saved' };
      this.#backend.saved(revision);
    } catch (thrown) {
      const error = toErrorReport(thrown);
      this.state = error.code === 'CONFLICT' ? { kind: 'conflict' } : { kind: 'failed', error };
    } finally {
      this.#running = undefined;
    }
  }
}
