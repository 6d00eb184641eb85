import { LRUCache } from 'lru-cache';
import { PerchError } from '../../common/api/errors.ts';

/** How long a request for a tile waits for what it needs. */
const WAIT_MS = 200;

/** How long a file stays open after the last request for one of its tiles. */
const KEEP_MS = 60_000;

const MAX_OPEN = 8;
const CLOSE_MS = 10_000;

interface Closable {
  close(): Promise<void>;
}

/** A file that is open or being made, with the completed fraction. */
interface Opening<File> {
  file: Promise<File>;
  fraction: number;
}

/**
 * Files that tiles are read from. They stay open between requests. Making one may take long and continues in the background, so that
 * several requests wait for the same work.
 */
export class TileFiles<File extends Closable> {
  readonly #files = new LRUCache<string, Opening<File>>({
    max: MAX_OPEN,
    ttl: KEEP_MS,
    ttlAutopurge: true,
    updateAgeOnGet: true,
    dispose: ({ file }) => {
      // A tile may still be read from it.
      setTimeout(() => void file.then((opened) => opened.close()).catch(() => {}), CLOSE_MS).unref();
    },
  });

  /**
   * @param key names the file and its version
   * @throws PerchError `NOT_YET` while it is being made; what `open` throws
   */
  async get(key: string, open: (report: (fraction: number) => void) => Promise<File>): Promise<File> {
    const opening = this.#files.get(key) ?? this.#open(key, open);
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(notYet(opening.fraction)), WAIT_MS);
    });
    try {
      return await Promise.race([opening.file, timeout]);
    } finally {
      clearTimeout(timer);
    }
  }

  #open(key: string, open: (report: (fraction: number) => void) => Promise<File>): Opening<File> {
    const opening: Opening<File> = {
      fraction: 0,
      file: open((fraction) => {
        opening.fraction = fraction;
        // Work keeps it from being closed.
        this.#files.get(key);
      }),
    };
    this.#files.set(key, opening);
    opening.file.catch(() => this.#files.delete(key));
    return opening;
  }
}

function notYet(fraction: number): PerchError {
  return new PerchError(
    'NOT_YET',
    `The image is being prepared for display (${Math.floor(100 * fraction)} %).`,
  );
}
