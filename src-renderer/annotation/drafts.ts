import { del, get, keys, promisifyRequest, set, type UseStore } from 'idb-keyval';
import type { DatasetImage } from '../../src-main/common/api/datasets.ts';
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
/** How long a page that was just left may take to end, in milliseconds. */
const ENDING_MS = 500;

type Kept = Omit<Draft, 'runs'> & { runs: Uint8Array };
/** The page that draws, and the image. */
type Key = [page: string, image: number];

/**
 * Masks that are not saved yet, in the browser's database: they outlive a page that crashes and an application that is killed.
 * Each belongs to the page that draws it, and to no other while that page lives. A browser without a database or locks
 * (a private window) keeps none.
 */
export class Drafts {
  #database: UseStore | undefined;
  #page: Promise<string> | undefined;
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
      void this.#try((database, page) => set([page, image], kept, database));
    };
    this.#timers.set(image, setTimeout(write, this.#pauseMs));
  }

  /** Forgets the draft that this page has of an image: it is in the store, or discarded. */
  async drop(image: number): Promise<void> {
    clearTimeout(this.#timers.get(image));
    this.#timers.delete(image);
    await this.#try((database, page) => del([page, image], database));
  }

  /**
   * The drafts of pages that ended; they belong to this page from now on. Of two drafts of one image the second stays for a
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
          const kept = await get<Kept>([owner, image], database);
          if (!kept) continue;
          await database('readwrite', (store) => {
            store.put(kept, [page, image]);
            store.delete([owner, image]);
            return promisifyRequest(store.transaction);
          });
          drafts.set(image, { ...kept, runs: unpackRuns(kept.runs) });
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
      console.warn('Mask drafts cannot be saved:', thrown);
      return undefined;
    }
  }
}

const lockOf = (page: string): string => `perch-drafts-${page}`;

/** Gives this page a name, and holds its lock until the page ends: the browser frees it, however the page ends. */
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

/** Every write is on disk before it is answered: what was discarded must not come back, nor what was kept get lost. */
function openStore(): UseStore {
  const request = indexedDB.open('perch-drafts');
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  const opened = promisifyRequest(request);
  return async (mode, work) =>
    await work((await opened).transaction(STORE, mode, { durability: 'strict' }).objectStore(STORE));
}
