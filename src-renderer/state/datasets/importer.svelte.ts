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

/** Files that are handed over at once. */
const AT_ONCE = 4;

const LOST: ErrorReport = {
  code: 'INTERNAL',
  message: 'The connection to Perch was lost and nothing was imported. Try again after reconnecting.',
};

const NOTHING_HERE: ErrorReport = {
  code: 'NO_IMAGES',
  message: `No supported image files. Supported formats: ${imageFormatNames}.`,
};

/** What is pointed at, and how it is to be understood. */
export interface ImportSource {
  paths: string[];
  layout: LayoutChoice;
}

/** How far an import has come, from pointing at something to a dataset in the store. */
export type ImportStage =
  | { stage: 'source' }
  | { stage: 'receiving'; done: number; total: number }
  | { stage: 'looking'; source: ImportSource }
  | { stage: 'preview'; source: ImportSource; preview: ImportPreview; name: string }
  | { stage: 'importing'; from: ImportStage; done: number; total: number }
  | { stage: 'imported'; dataset: Dataset; problems: readonly Problem[] };

/** A path as shells and file managers copy it: without the quotes and the spaces around it. */
function unquoted(path: string): string {
  const trimmed = path.trim();
  return /^(["']).+\1$/.test(trimmed) ? trimmed.slice(1, -1) : trimmed;
}

/** Brings images into the store: shows what was recognized before anything is written. */
export class Importer {
  shown = $state(false);
  /** The path as it is typed; it stays until something was imported. */
  path = $state('');
  at = $state.raw<ImportStage>({ stage: 'source' });
  /** Why the last step was refused. */
  failure = $state.raw<ErrorReport>();

  readonly #client: Client;
  readonly #datasets: DatasetStore;
  #abort = new AbortController();
  /** The drop whose files the host keeps for the import that is under way. */
  #drop: string | undefined;

  constructor(client: Client, datasets: DatasetStore) {
    this.#client = client;
    this.#datasets = datasets;
  }

  /** Opens the dialog where the last import left it, or anew. */
  show(): void {
    if (this.at.stage === 'imported') this.#start();
    this.shown = true;
  }

  /** Closes the dialog; what is under way is canceled. */
  close(): void {
    this.#abort.abort();
    this.shown = false;
    this.#start();
  }

  /** Goes a step back; what is under way is canceled. An import goes back to what it was asked for with. */
  back(): void {
    this.#abort.abort();
    if (this.at.stage === 'importing') this.at = this.at.from;
    else this.#start();
  }

  /** Asks with the native dialog of the desktop. */
  async choose(kind: 'files' | 'folder'): Promise<void> {
    await this.#try(async () => {
      const { paths } = await this.#client.datasets.choose({ kind });
      if (paths.length > 0) await this.#look({ paths, layout: 'auto' });
    });
  }

  /** Looks at folders or files of the host's machine. */
  async look(paths: string[], layout: LayoutChoice = 'auto'): Promise<void> {
    await this.#try(async () => await this.#look({ paths: paths.map(unquoted), layout }));
  }

  async lookAtSamples(): Promise<void> {
    await this.#try(async () => {
      const { path } = await this.#client.datasets.samples();
      await this.#look({ paths: [path], layout: 'auto' });
    });
  }

  /** Takes what was dropped onto the page. Must be called while the drop event is dispatched. */
  async drop(transfer: DataTransfer): Promise<void> {
    this.shown = true;
    if (bridge) {
      // Of what has a path, the host imports folders and images; anything else is no more an image here than in a browser.
      const files = [...transfer.items].map((item) => ({
        isFolder: item.webkitGetAsEntry()?.isDirectory ?? false,
        file: item.getAsFile(),
      }));
      const taken = files.flatMap(({ isFolder, file }) =>
        file && (isFolder || isImageName(file.name)) ? [file] : [],
      );
      const paths = bridge.pathsOf(taken).filter((path) => path !== '');
      if (paths.length > 0) return await this.look(paths);
      this.#start();
      this.failure = NOTHING_HERE;
      return;
    }
    const files = droppedFiles(transfer);
    await this.#try(async () => await this.#receive(await files));
  }

  /** Hands files over to the host, then looks at them there. */
  async receive(files: readonly DroppedFile[]): Promise<void> {
    await this.#try(async () => await this.#receive(files));
  }

  /** Imports what the preview shows. */
  async import(): Promise<void> {
    if (this.at.stage !== 'preview') return;
    const { source, name } = this.at;
    const from = this.at;
    await this.#try(async (signal) => {
      this.at = { stage: 'importing', from, done: 0, total: 0 };
      const asked = name.trim() === '' ? source : { ...source, name: name.trim() };
      try {
        for await (const event of await this.#client.datasets.import(asked, { signal })) {
          if (signal.aborted) return;
          if (event.type === 'progress') this.at = { stage: 'importing', from, ...event };
          else this.#finish(event.dataset, event.problems);
        }
      } catch (thrown) {
        if (!signal.aborted) this.at = from;
        throw thrown;
      }
    });
  }

  #start(): void {
    this.#discardUpload();
    this.at = { stage: 'source' };
    this.failure = undefined;
  }

  async #receive(files: readonly DroppedFile[]): Promise<void> {
    const images = files.filter(({ file }) => isImageName(file.name));
    const { signal } = this.#abort;
    this.#discardUpload();
    const drop = (this.#drop = crypto.randomUUID());
    let folder: string | undefined;
    let done = 0;
    let refused = false;
    const waiting = images.values();
    const hand = async () => {
      for (const { file, path } of waiting) {
        // Of those that are handed over beside each other, one that is refused ends all.
        if (signal.aborted || refused) return;
        this.at = { stage: 'receiving', done, total: images.length };
        try {
          folder = await upload(drop, path, file);
        } catch (thrown) {
          refused = true;
          throw thrown;
        }
        done++;
      }
    };
    const handed = await Promise.allSettled(Array.from({ length: AT_ONCE }, hand));
    // A file that was on its way when the drop was given up has arrived by now.
    if (signal.aborted) return this.#discard(drop);
    const failed = handed.find((outcome) => outcome.status === 'rejected');
    if (failed) {
      this.#discard(drop);
      throw failed.reason;
    }
    if (folder === undefined) {
      this.#start();
      this.failure = NOTHING_HERE;
    } else {
      const top = commonFolder(images);
      await this.#look({ paths: [top === undefined ? folder : `${folder}/${top}`], layout: 'auto' });
    }
  }

  async #look(source: ImportSource): Promise<void> {
    const { signal } = this.#abort;
    this.at = { stage: 'looking', source };
    const preview = await this.#client.datasets.preview(source, { signal });
    if (!signal.aborted) this.at = { stage: 'preview', source, preview, name: preview.name };
  }

  /** Files that were handed over and are not imported after all would lie with the host for nothing. */
  #discardUpload(): void {
    if (this.#drop !== undefined) this.#discard(this.#drop);
    this.#drop = undefined;
  }

  #discard(drop: string): void {
    // Where the host cannot be reached, `perch store tidy` finds the files later.
    this.#client.datasets.discardUpload({ drop }).catch(() => {});
  }

  #finish(dataset: Dataset, problems: readonly Problem[]): void {
    this.#drop = undefined;
    this.#datasets.add(dataset);
    this.path = '';
    this.at = { stage: 'imported', dataset, problems };
    if (problems.length === 0) this.shown = false;
  }

  /** One step after the other: a new one ends what is under way. */
  async #try(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#abort.abort();
    const { signal } = (this.#abort = new AbortController());
    this.failure = undefined;
    try {
      await work(signal);
    } catch (thrown) {
      if (signal.aborted) return;
      this.failure = isConnectionLost(thrown) ? LOST : toErrorReport(thrown);
      if (this.at.stage === 'looking' || this.at.stage === 'receiving') this.at = { stage: 'source' };
    }
  }
}

export const [getImporter, setImporter] = createContext<Importer>();
