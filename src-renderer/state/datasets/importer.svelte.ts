import { createContext } from 'svelte';
import { imageFormatNames, isImageName } from '../../../src-main/common/file-formats.ts';
import type { Dataset, ImportPreview, LayoutChoice, Problem } from '../../../src-main/common/api/datasets.ts';
import type { ErrorReport } from '../../../src-main/common/api/errors.ts';
import { upload } from '../../api/assets.ts';
import { bridge } from '../../api/bridge.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { toErrorReport, isConnectionLost } from '../../api/failures.ts';
import type { DatasetStore } from './dataset-store.svelte.ts';
import { commonFolder, droppedFiles, type DroppedFile } from './dropped-files.ts';

/** Concurrent uploads. */
const MAX_UPLOADS = 4;

const LOST: ErrorReport = {
  code: 'INTERNAL',
  message: 'The connection to Perch was lost and nothing was imported. Try again after reconnecting.',
};

const NOTHING_HERE: ErrorReport = {
  code: 'NO_IMAGES',
  message: `No supported image files. Supported formats: ${imageFormatNames}.`,
};

/** Paths to import, and their layout. */
export interface ImportSource {
  paths: string[];
  layout: LayoutChoice;
}

/** The steps of an import. */
export type ImportStep =
  | { kind: 'source' }
  | { kind: 'uploading'; done: number; total: number }
  | { kind: 'scanning'; source: ImportSource }
  | { kind: 'preview'; source: ImportSource; preview: ImportPreview; name: string }
  | { kind: 'importing'; from: ImportStep; done: number; total: number }
  | { kind: 'imported'; dataset: Dataset; problems: readonly Problem[] };

/** Removes the quotes and spaces that shells and file managers add to copied paths. */
function unquoted(path: string): string {
  const trimmed = path.trim();
  return /^(["']).+\1$/.test(trimmed) ? trimmed.slice(1, -1) : trimmed;
}

/** Imports images, after a preview. */
export class Importer {
  isOpen = $state(false);
  /** The typed path; cleared by an import. */
  path = $state('');
  step = $state.raw<ImportStep>({ kind: 'source' });
  /** Why the last step failed. */
  failure = $state.raw<ErrorReport>();

  readonly #client: Client;
  readonly #datasets: DatasetStore;
  #abort = new AbortController();
  /** The uploaded files of the import in progress. */
  #drop: string | undefined;

  constructor(client: Client, datasets: DatasetStore) {
    this.#client = client;
    this.#datasets = datasets;
  }

  /** Opens the dialog; after a finished import, at the first step. */
  show(): void {
    if (this.step.kind === 'imported') this.#start();
    this.isOpen = true;
  }

  /** Closes the dialog, and cancels the current step. */
  close(): void {
    this.#abort.abort();
    this.isOpen = false;
    this.#start();
  }

  /** Cancels the current step and returns to the one before. */
  back(): void {
    this.#abort.abort();
    if (this.step.kind === 'importing') this.step = this.step.from;
    else this.#start();
  }

  /** Opens the native file dialog of the desktop. */
  async browse(kind: 'files' | 'folder'): Promise<void> {
    await this.#runStep(async () => {
      const { paths } = await this.#client.datasets.choose({ kind });
      if (paths.length > 0) await this.#scan({ paths, layout: 'auto' });
    });
  }

  /** Scans folders or files of the host's machine. */
  async scan(paths: string[], layout: LayoutChoice = 'auto'): Promise<void> {
    await this.#runStep(async () => await this.#scan({ paths: paths.map(unquoted), layout }));
  }

  async scanSamples(): Promise<void> {
    await this.#runStep(async () => {
      const { path } = await this.#client.datasets.samples();
      await this.#scan({ paths: [path], layout: 'auto' });
    });
  }

  /** Imports dropped files. Call it during the drop event. */
  async drop(transfer: DataTransfer): Promise<void> {
    this.isOpen = true;
    if (bridge) {
      // Passes folders and images to the host, and ignores other files as in a browser.
      const files = [...transfer.items].map((item) => ({
        isFolder: item.webkitGetAsEntry()?.isDirectory ?? false,
        file: item.getAsFile(),
      }));
      const taken = files.flatMap(({ isFolder, file }) =>
        file && (isFolder || isImageName(file.name)) ? [file] : [],
      );
      const paths = bridge.pathsOf(taken).filter((path) => path !== '');
      if (paths.length > 0) return await this.scan(paths);
      this.#start();
      this.failure = NOTHING_HERE;
      return;
    }
    const files = droppedFiles(transfer);
    await this.#runStep(async () => await this.#upload(await files));
  }

  /** Uploads files to the host, and scans them there. */
  async upload(files: readonly DroppedFile[]): Promise<void> {
    await this.#runStep(async () => await this.#upload(files));
  }

  /** Imports the previewed images. */
  async import(): Promise<void> {
    if (this.step.kind !== 'preview') return;
    const { source, name } = this.step;
    const from = this.step;
    await this.#runStep(async (signal) => {
      this.step = { kind: 'importing', from, done: 0, total: 0 };
      const request = name.trim() === '' ? source : { ...source, name: name.trim() };
      try {
        for await (const event of await this.#client.datasets.import(request, { signal })) {
          if (signal.aborted) return;
          if (event.type === 'progress') this.step = { kind: 'importing', from, ...event };
          else this.#finish(event.dataset, event.problems);
        }
      } catch (thrown) {
        if (!signal.aborted) this.step = from;
        throw thrown;
      }
    });
  }

  /**
   * Closes the dialog, and leaves the previewed roll to the import of rolls.
   *
   * @returns the roll's path and, if its files were uploaded, the upload, which is no longer discarded here
   */
  handOver(): { path: string; upload: string | undefined } | undefined {
    if (this.step.kind !== 'preview' || !this.step.preview.roll) return undefined;
    const { path } = this.step.preview.roll;
    const upload = this.#drop;
    this.#drop = undefined;
    this.close();
    return { path, upload };
  }

  #start(): void {
    this.#discardUpload();
    this.step = { kind: 'source' };
    this.failure = undefined;
  }

  async #upload(files: readonly DroppedFile[]): Promise<void> {
    const images = files.filter(({ file }) => isImageName(file.name));
    const { signal } = this.#abort;
    this.#discardUpload();
    const drop = (this.#drop = crypto.randomUUID());
    let folder: string | undefined;
    let done = 0;
    let failed = false;
    const waiting = images.values();
    const uploadNext = async () => {
      for (const { file, path } of waiting) {
        // One failed upload ends the concurrent ones.
        if (signal.aborted || failed) return;
        this.step = { kind: 'uploading', done, total: images.length };
        try {
          folder = await upload(drop, path, file);
        } catch (thrown) {
          failed = true;
          throw thrown;
        }
        done++;
      }
    };
    const outcomes = await Promise.allSettled(Array.from({ length: MAX_UPLOADS }, uploadNext));
    // Uploads that were in progress at the cancel have now finished.
    if (signal.aborted) return this.#discard(drop);
    const rejected = outcomes.find((outcome) => outcome.status === 'rejected');
    if (rejected) {
      this.#discard(drop);
      throw rejected.reason;
    }
    if (folder === undefined) {
      this.#start();
      this.failure = NOTHING_HERE;
    } else {
      const top = commonFolder(images);
      await this.#scan({ paths: [top === undefined ? folder : `${folder}/${top}`], layout: 'auto' });
    }
  }

  async #scan(source: ImportSource): Promise<void> {
    const { signal } = this.#abort;
    this.step = { kind: 'scanning', source };
    const preview = await this.#client.datasets.preview(source, { signal });
    if (!signal.aborted) this.step = { kind: 'preview', source, preview, name: preview.name };
  }

  /** Deletes uploaded files on the host that are not imported. */
  #discardUpload(): void {
    if (this.#drop !== undefined) this.#discard(this.#drop);
    this.#drop = undefined;
  }

  #discard(upload: string): void {
    // If the host cannot be reached, `perch store gc` finds the files later.
    this.#client.datasets.discardUpload({ upload }).catch(() => {});
  }

  #finish(dataset: Dataset, problems: readonly Problem[]): void {
    this.#drop = undefined;
    this.#datasets.add(dataset);
    this.path = '';
    this.step = { kind: 'imported', dataset, problems };
    if (problems.length === 0) this.isOpen = false;
  }

  /** Runs a step and cancels the previous one. */
  async #runStep(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#abort.abort();
    const { signal } = (this.#abort = new AbortController());
    this.failure = undefined;
    try {
      await work(signal);
    } catch (thrown) {
      if (signal.aborted) return;
      this.failure = isConnectionLost(thrown) ? LOST : toErrorReport(thrown);
      if (this.step.kind === 'scanning' || this.step.kind === 'uploading') this.step = { kind: 'source' };
    }
  }
}

export const [getImporter, setImporter] = createContext<Importer>();
