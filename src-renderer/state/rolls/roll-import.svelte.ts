import { createContext } from 'svelte';
import type { Problem } from '../../../src-main/common/api/datasets.ts';
import type { Roll } from '../../../src-main/common/api/rolls.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { isConnectionLost, toErrorReport } from '../../api/failures.ts';
import type { DatasetStore } from '../datasets/dataset-store.svelte.ts';
import type { Notices } from '../notices.svelte.ts';

const LOST = 'The connection to Perch was lost and nothing was imported. Try again after reconnecting.';

/** Imports a file or a folder of consecutive frames as a roll. */
export class RollImport {
  isOpen = $state(false);
  path = $state('');
  lot = $state('');
  article = $state('');
  /** Files read so far; undefined if no import is running. */
  progress = $state.raw<{ done: number; total: number }>();
  /** Why the import failed; empty if it did not. */
  failure = $state('');
  /** The imported roll, until it is opened. */
  imported = $state.raw<Roll>();

  readonly #client: Pick<Client, 'rolls' | 'datasets'>;
  readonly #datasets: Pick<DatasetStore, 'add'>;
  readonly #notices: Notices;
  #abort = new AbortController();
  /** The uploaded files of the path. */
  #upload: string | undefined;

  constructor(
    client: Pick<Client, 'rolls' | 'datasets'>,
    datasets: Pick<DatasetStore, 'add'>,
    notices: Notices,
  ) {
    this.#client = client;
    this.#datasets = datasets;
    this.#notices = notices;
  }

  /** Opens the dialog, with a path that was dropped or chosen elsewhere. If that was uploaded, closing discards the upload. */
  show(dropped?: { path: string; upload: string | undefined }): void {
    this.failure = '';
    this.isOpen = true;
    if (!dropped) return;
    this.#discardUpload();
    this.path = dropped.path;
    this.#upload = dropped.upload;
  }

  /** Closes the dialog, and cancels an import. */
  close(): void {
    this.#abort.abort();
    this.progress = undefined;
    this.isOpen = false;
    if (this.#upload !== undefined) this.path = '';
    this.#discardUpload();
  }

  /** Opens the file dialog of the desktop. */
  async browse(kind: 'files' | 'folder'): Promise<void> {
    const { paths } = await this.#client.datasets.choose({ kind });
    if (paths.length > 0) this.path = paths[0];
  }

  async start(): Promise<void> {
    const path = this.path.trim();
    if (path === '' || this.progress) return;
    const { signal } = (this.#abort = new AbortController());
    this.failure = '';
    this.progress = { done: 0, total: 0 };
    try {
      const request = { source: { path }, lot: this.lot.trim(), article: this.article.trim() };
      for await (const event of await this.#client.rolls.import(request, { signal })) {
        if (signal.aborted) return;
        if (event.type === 'progress') this.progress = { done: event.done, total: event.total };
        else await this.#finish(event.roll, event.problems);
      }
    } catch (thrown) {
      if (!signal.aborted) this.failure = isConnectionLost(thrown) ? LOST : toErrorReport(thrown).message;
    } finally {
      if (!signal.aborted) this.progress = undefined;
    }
  }

  #discardUpload(): void {
    // If the host cannot be reached, `perch store gc` finds the files later.
    if (this.#upload !== undefined)
      this.#client.datasets.discardUpload({ upload: this.#upload }).catch(() => {});
    this.#upload = undefined;
  }

  async #finish(roll: Roll, problems: readonly Problem[]): Promise<void> {
    const { datasets } = await this.#client.datasets.list();
    const dataset = datasets.find(({ id }) => id === roll.dataset);
    if (dataset) this.#datasets.add(dataset);
    if (problems.length > 0)
      this.#notices.show(
        'info',
        `Notes on the import of ${roll.name}`,
        problems.map(({ path, message }) => ({
          subject: message.includes(path) ? '' : path,
          reason: message,
        })),
      );
    this.imported = roll;
    this.#upload = undefined;
    this.isOpen = false;
    [this.path, this.lot, this.article] = ['', '', ''];
  }
}

export const [getRollImport, setRollImport] = createContext<RollImport>();
