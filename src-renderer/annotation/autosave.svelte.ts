import type { Revision } from '../../src-main/common/api/annotation.ts';
import type { ErrorReport } from '../../src-main/common/api/errors.ts';
import { toErrorReport } from '../api/failures.ts';

/** Whether what is drawn is in the store. */
export type SaveState =
  | { kind: 'saved' }
  /** Changed; it is saved in a moment. */
  | { kind: 'changed' }
  | { kind: 'saving' }
  /** Nobody signs for it yet. */
  | { kind: 'no-author' }
  | { kind: 'failed'; error: ErrorReport }
  /** Somebody else saved meanwhile: a person has to choose. */
  | { kind: 'conflict' };

/** What saving needs of the world. */
export interface MaskBackend {
  /** Who signs; empty for nobody yet. */
  author(): string;
  /** The mask as it is now, as PNG; undefined where nothing is known of the image. */
  encode(): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /**
   * @returns undefined where the store says the same already
   * @throws AssetError, ORPCError: `CONFLICT` where `base` is not the latest revision
   */
  post(png: Uint8Array<ArrayBuffer> | undefined, author: string, base: number): Promise<Revision | undefined>;
  /** Called after every save, with the revision that was made; undefined where the store said the same already. */
  saved(revision: Revision | undefined): void;
}

/** How long after the last edit it is saved. */
const PAUSE_MS = 1200;

/** Saves a drawing a moment after each edit, one save at a time, and never over what somebody else saved. */
export class Autosave {
  state = $state.raw<SaveState>({ kind: 'saved' });
  /** The revision that the drawing goes on from; 0 for none. */
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

  /** Whether there is anything that the store does not have. */
  get pending(): boolean {
    return this.#edits !== this.#saved;
  }

  /** Says that the drawing has changed. */
  edited(): void {
    this.#edits++;
    if (this.state.kind === 'conflict') return;
    if (!this.#running) this.state = { kind: 'changed' };
    this.#wait();
  }

  /** Saves what is not saved now. Returns whether everything is in the store. */
  async flush(): Promise<boolean> {
    clearTimeout(this.#timer);
    if (this.#running) await this.#running;
    if (this.pending && this.state.kind !== 'conflict') {
      this.#running = this.#save();
      await this.#running;
    }
    return !this.pending;
  }

  /** Ends a conflict: what is drawn becomes the newest revision, after the one that somebody else made. */
  async overwrite(latest: number): Promise<boolean> {
    this.base = latest;
    this.state = { kind: 'changed' };
    return await this.flush();
  }

  /** Says that the drawing is what the store has as a revision. */
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
