import { del, get, keys, promisifyRequest, set, type UseStore } from 'idb-keyval';
import type { DatasetImage } from '../../src-main/common/api/datasets.ts';
import type { EmptyMask } from '../mask/history.ts';
import { packRuns, unpackRuns, type Runs } from '../../src-main/common/maps/mask-runs.ts';

/** An unsaved mask. */
export interface Draft {
  dataset: number;
  image: Pick<DatasetImage, 'id' | 'name' | 'thumbnail' | 'width' | 'height'>;
  /** The revision that it is based on; 0 for none. */
  base: number;
  /** The anomalous pixels. */
  runs: Runs;
  /** The ground truth if no pixel is anomalous. */
  empty: EmptyMask;
}

/** Shortest time between two writes of a draft. */
const MIN_PAUSE_MS = 50;
/** The pause is at least this many times as long as the last write took. */
const PAUSE_FACTOR = 20;
/** Time that a closed page may take to end. */
const ENDING_MS = 500;

type StoredDraft = Omit<Draft, 'runs'> & { runs: Uint8Array };
/** The page that owns the draft, and the image. */
type Key = [page: string, image: number];

/**
 * Unsaved masks in the browser's database. They survive a crash of the page or of the application. A draft belongs to one page
 * until that page ends. Browsers without a database or locks (private windows) have no drafts.
 */
export class Drafts {
  #database: UseStore | undefined;
  #page: Promise<string> | undefined;
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();
  #pauseMs = MIN_PAUSE_MS;

  /** Writes a draft after a pause. Calls `draft` at that time. */
  schedule(image: number, draft: () => Draft): void {
    if (this.#timers.has(image)) return;
    const write = () => {
      const begun = performance.now();
      const { runs, ...rest } = draft();
      const stored: StoredDraft = { ...rest, runs: packRuns(runs) };
      this.#pauseMs = Math.max(MIN_PAUSE_MS, PAUSE_FACTOR * (performance.now() - begun));
      this.#timers.delete(image);
      void this.#try((database, page) => set([page, image], stored, database));
    };
    this.#timers.set(image, setTimeout(write, this.#pauseMs));
  }

  /** Deletes an image's draft after its mask was saved or discarded. */
  async delete(image: number): Promise<void> {
    clearTimeout(this.#timers.get(image));
    this.#timers.delete(image);
    await this.#try((database, page) => del([page, image], database));
  }

  /**
   * Adopts the drafts of pages that have ended. If an image has two drafts, the second one remains for a
   * later page.
   */
  async claim(): Promise<Draft[]> {
    const claimed = await this.#try((database, page) =>
      navigator.locks.request('perch-drafts', async () => {
        const left = (await keys<Key>(database)).filter(([owner]) => owner !== page);
        const owners = [...new Set(left.map(([owner]) => owner))];
        const ended = await Promise.all(owners.map(hasEnded));
        const drafts = new Map<number, Draft>();
        for (const [owner, image] of left) {
          if (drafts.has(image) || !ended[owners.indexOf(owner)]) continue;
          const stored = await get<StoredDraft>([owner, image], database);
          if (!stored) continue;
          await database('readwrite', (store) => {
            store.put(stored, [page, image]);
            store.delete([owner, image]);
            return promisifyRequest(store.transaction);
          });
          drafts.set(image, { ...stored, runs: unpackRuns(stored.runs) });
        }
        return [...drafts.values()];
      }),
    );
    return claimed ?? [];
  }

  async #try<Value>(work: (database: UseStore, page: string) => Promise<Value>): Promise<Value | undefined> {
    try {
      return await work((this.#database ??= openStore()), await (this.#page ??= namePage()));
    } catch (thrown) {
      console.warn('Could not save mask drafts:', thrown);
      return undefined;
    }
  }
}

const lockOf = (page: string): string => `perch-drafts-${page}`;

/**
 * Names this page and holds a lock with that name. The browser releases the lock when the page ends for any
 * reason.
 */
async function namePage(): Promise<string> {
  const page = crypto.randomUUID();
  await new Promise<void>((held, failed) => {
    const hold = async () => {
      held();
      await new Promise(() => {});
    };
    navigator.locks.request(lockOf(page), hold).catch(failed);
  });
  return page;
}

async function hasEnded(page: string): Promise<boolean> {
  try {
    await navigator.locks.request(lockOf(page), { signal: AbortSignal.timeout(ENDING_MS) }, () => {});
    return true;
  } catch {
    return false;
  }
}

const STORE = 'masks';

/** Writes are durable: a discarded draft must not return, and a stored one must not get lost. */
function openStore(): UseStore {
  const request = indexedDB.open('perch-drafts');
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  const opened = promisifyRequest(request);
  return async (mode, work) =>
    await work((await opened).transaction(STORE, mode, { durability: 'strict' }).objectStore(STORE));
}
