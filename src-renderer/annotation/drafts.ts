import { del, get, keys, promisifyRequest, set, type UseStore } from 'idb-keyval';
import type { DatasetImage } from '../../src-main/api/datasets.ts';
import type { EmptyMask } from '../mask/history.ts';
import { packRuns, unpackRuns, type Runs } from '../mask/runs.ts';

/** A mask that is not in the store yet. */
export interface Draft {
  dataset: number;
  image: Pick<DatasetImage, 'id' | 'name' | 'thumbnail' | 'width' | 'height'>;
  /** The revision that it was drawn over, 0 for none. */
  base: number;
  /** The anomalous pixels. */
  runs: Runs;
  /** What it says of the image while no pixel is anomalous. */
  empty: EmptyMask;
}

/** The shortest time between two writes of the same draft. */
const PAUSE_MS = 50;
/** Collecting the pixels of a draft takes at most one part in so many of the time. */
const SHARE = 20;

type Kept = Omit<Draft, 'runs'> & { runs: Uint8Array };

/**
 * Masks that are not saved yet, in the browser's database: they outlive a page that crashes and an application that is killed.
 * A browser without a database (a private window) keeps none.
 */
export class Drafts {
  #database: UseStore | undefined;
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();
  /** Grows with the size of the image. */
  #pauseMs = PAUSE_MS;

  /** Keeps a draft soon; `draft` is called at that time. */
  keep(image: number, draft: () => Draft): void {
    if (this.#timers.has(image)) return;
    const write = () => {
      const begun = performance.now();
      const { runs, ...rest } = draft();
      const kept: Kept = { ...rest, runs: packRuns(runs) };
      this.#pauseMs = Math.max(PAUSE_MS, SHARE * (performance.now() - begun));
      this.#timers.delete(image);
      void this.#try((database) => set(image, kept, database));
    };
    this.#timers.set(image, setTimeout(write, this.#pauseMs));
  }

  /** Forgets the draft of an image: it is in the store, or discarded. */
  async drop(image: number): Promise<void> {
    clearTimeout(this.#timers.get(image));
    this.#timers.delete(image);
    await this.#try((database) => del(image, database));
  }

  /** The drafts that an earlier page left. */
  async all(): Promise<Draft[]> {
    const images = (await this.#try((database) => keys<number>(database))) ?? [];
    const kept = await Promise.all(
      images.map((image) => this.#try((database) => get<Kept>(image, database))),
    );
    return kept.flatMap((draft) => (draft ? [{ ...draft, runs: unpackRuns(draft.runs) }] : []));
  }

  async #try<Value>(work: (database: UseStore) => Promise<Value>): Promise<Value | undefined> {
    try {
      return await work((this.#database ??= openStore()));
    } catch (thrown) {
      console.warn('Drafts of masks cannot be kept:', thrown);
      return undefined;
    }
  }
}

const STORE = 'masks';

/** Every write is on disk before it is answered: what was discarded must not come back, nor what was kept get lost. */
function openStore(): UseStore {
  const request = indexedDB.open('perch-drafts');
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  const opened = promisifyRequest(request);
  return async (mode, work) =>
    await work((await opened).transaction(STORE, mode, { durability: 'strict' }).objectStore(STORE));
}
