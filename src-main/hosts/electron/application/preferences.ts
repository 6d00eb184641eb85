import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

/** Number of datasets in the menu of recent ones. */
const RECENT_DATASETS = 10;

const preferences = z.object({
  /** Whether Chromium may use the GPU. */
  hardwareAcceleration: z.boolean().catch(true),
  /** Crashes of Chromium's GPU process since the last session without a crash. */
  gpuCrashes: z.int().min(0).catch(0),
  /** Whether Perch checks for updates on startup. */
  updates: z.boolean().catch(false),
  /** Ids of recently opened datasets, latest first. */
  recentDatasets: z.array(z.int()).catch([]),
});
export type PreferenceValues = z.infer<typeof preferences>;

/**
 * Preferences of the desktop application. They are a file, not settings in the store, because some are needed
 * before the store opens.
 */
export class Preferences {
  readonly #file: string;
  #values: PreferenceValues;

  /** @param file a missing or damaged file yields the defaults */
  constructor(file: string) {
    this.#file = file;
    this.#values = preferences.parse(read(file));
  }

  get values(): Readonly<PreferenceValues> {
    return this.#values;
  }

  /** Writes synchronously, because the process may exit right after. If that fails, the change lasts until the exit. */
  change(changes: Partial<PreferenceValues>): void {
    this.#values = { ...this.#values, ...changes };
    try {
      mkdirSync(dirname(this.#file), { recursive: true });
      writeFileSync(`${this.#file}.tmp`, JSON.stringify(this.#values, null, 2));
      renameSync(`${this.#file}.tmp`, this.#file);
    } catch (cause) {
      console.error(`Could not write the preferences to ${this.#file}:`, cause);
    }
  }

  /** Moves a dataset to the front of the recent ones. */
  noteDataset(id: number): void {
    const { recentDatasets } = this.#values;
    if (recentDatasets[0] === id) return;
    const recent = [id, ...recentDatasets.filter((other) => other !== id)];
    this.change({ recentDatasets: recent.slice(0, RECENT_DATASETS) });
  }
}

function read(file: string): unknown {
  try {
    const values: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof values === 'object' && values !== null && !Array.isArray(values) ? values : {};
  } catch {
    return {};
  }
}
