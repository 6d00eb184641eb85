import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

/** How many datasets the menu remembers. */
const RECENT_DATASETS = 10;

const preferences = z.object({
  /** Whether Chromium may draw with the GPU. */
  hardwareAcceleration: z.boolean().catch(true),
  /** Crashes of Chromium's GPU process since the last session without one. */
  gpuCrashes: z.int().min(0).catch(0),
  /** Whether Perch looks for a newer version when it starts. */
  updates: z.boolean().catch(false),
  /** Ids of the datasets that were shown last, latest first. */
  recentDatasets: z.array(z.int()).catch([]),
});
export type PreferenceValues = z.infer<typeof preferences>;

/**
 * Preferences of the desktop application itself. They are a file and not settings of the store, because some are needed before
 * the store can be opened.
 */
export class Preferences {
  readonly #file: string;
  #values: PreferenceValues;

  /** @param file a file that is damaged or missing gives the defaults */
  constructor(file: string) {
    this.#file = file;
    this.#values = preferences.parse(read(file));
  }

  get values(): Readonly<PreferenceValues> {
    return this.#values;
  }

  /** Writes at once, because the process may end behind this. A failure is logged: the change holds until the end. */
  change(changes: Partial<PreferenceValues>): void {
    this.#values = { ...this.#values, ...changes };
    try {
      mkdirSync(dirname(this.#file), { recursive: true });
      writeFileSync(`${this.#file}.tmp`, JSON.stringify(this.#values, null, 2));
      renameSync(`${this.#file}.tmp`, this.#file);
    } catch (cause) {
      console.error(`The preferences could not be written to ${this.#file}:`, cause);
    }
  }

  /** Puts a dataset at the head of the recent ones. */
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
