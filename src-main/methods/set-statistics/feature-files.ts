import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReadingNote } from '../../common/api/reading-notes.ts';
import type { Stage } from '../../common/api/schemas.ts';
import type { Size } from '../../common/geometry.ts';
import { writeFileAtomic } from '../../files/write.ts';
import type { Extraction } from '../extractors/extractor.ts';

/** Features of an image, and what else its map needs. */
export interface StoredFeatures extends Extraction {
  image: Size;
  notes: ReadingNote[];
  seconds: Partial<Record<Stage, number>>;
}

type Header = Omit<StoredFeatures, 'features'> & { shape: { channels: number } & Size };

/** The files' total size and age up to which they are kept. A set that is in work may need more. */
const MAX_BYTES = 16 * 2 ** 30;
const MAX_AGE_MS = 14 * 24 * 3600 * 1000;
const ENDING = '.features';

/**
 * Features on disk, by what they depend on. A file is a line of JSON, padded to whole floats, and the float32 values. It is written at
 * once or not at all. A file that is missing or damaged is computed again.
 */
export class FeatureFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @param inputs everything that the features depend on */
  keyOf(inputs: readonly unknown[]): string {
    return createHash('sha256').update(JSON.stringify(inputs)).digest('hex');
  }

  async read(key: string): Promise<StoredFeatures | undefined> {
    const path = this.#pathOf(key);
    const bytes = await readFile(path).catch(() => undefined);
    const stored = bytes && decode(bytes);
    const now = new Date();
    if (stored) await utimes(path, now, now).catch(() => {});
    return stored;
  }

  /** @throws PerchError `NOT_WRITABLE`, `DISK_FULL` */
  async write(key: string, { features, ...rest }: StoredFeatures): Promise<void> {
    const { values, ...shape } = features;
    const text = JSON.stringify({ ...rest, shape } satisfies Header);
    const length = Buffer.byteLength(text) + 1;
    const header = Buffer.from(`${text}${' '.repeat((4 - (length % 4)) % 4)}\n`);
    const data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    await writeFileAtomic(this.#pathOf(key), Buffer.concat([header, data]));
  }

  /** Removes old files, then the ones that were used longest ago until the rest fits the limit. */
  async prune(limits = { bytes: MAX_BYTES, ageMs: MAX_AGE_MS }): Promise<{ removed: number; bytes: number }> {
    const names = await readdir(this.#folder).catch(() => [] as string[]);
    const files = await Promise.all(
      names.map(async (name) => {
        const path = join(this.#folder, name);
        const found = await stat(path).catch(() => undefined);
        return { path, bytes: found?.size ?? 0, usedMs: found?.mtimeMs ?? 0, whole: name.endsWith(ENDING) };
      }),
    );
    const removed = { removed: 0, bytes: 0 };
    let kept = 0;
    for (const { path, bytes, usedMs, whole } of files.sort((a, b) => b.usedMs - a.usedMs)) {
      const age = Date.now() - usedMs;
      // A partial file may still be in work, or a killed process left it.
      const isKept = whole ? kept + bytes <= limits.bytes && age <= limits.ageMs : age < PARTIAL_AGE_MS;
      if (isKept) {
        kept += bytes;
        continue;
      }
      await rm(path, { force: true }).catch(() => {});
      removed.removed++;
      removed.bytes += bytes;
    }
    return removed;
  }

  #pathOf(key: string): string {
    return join(this.#folder, key + ENDING);
  }
}

const PARTIAL_AGE_MS = 3600 * 1000;

/** @returns undefined if the file is damaged */
function decode(bytes: Buffer): StoredFeatures | undefined {
  const start = bytes.indexOf('\n') + 1;
  try {
    const { shape, ...rest } = JSON.parse(bytes.toString('utf8', 0, start)) as Header;
    const { channels, height, width } = shape;
    if (bytes.length !== start + 4 * channels * height * width) return undefined;
    const values = new Float32Array(channels * height * width);
    new Uint8Array(values.buffer).set(bytes.subarray(start));
    return { ...rest, features: { values, channels, height, width } };
  } catch {
    return undefined;
  }
}
