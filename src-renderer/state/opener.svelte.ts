import type { Skipped } from '../../src-main/api/schemas.ts';
import { upload } from '../api/assets.ts';
import { bridge } from '../api/bridge.ts';
import type { Client } from '../api/connection.svelte.ts';
import { failureOf } from '../api/failures.ts';
import { type DroppedFile, droppedFiles, isImageName } from './dropped-files.ts';
import { idsOf } from './ids.ts';
import type { Library } from './library.svelte.ts';
import type { Notices } from './notices.svelte.ts';

const NOT_AN_IMAGE = 'Not an image that Perch reads: PNG, JPEG, TIFF, BMP, WebP.';

/** Opens what a person points at: paths, dropped files and folders, native dialogs. */
export class Opener {
  /** Files handed over to the host so far, while a drop is under way. */
  receiving = $state<{ done: number; total: number }>();
  opening = $state(false);

  readonly #client: Client;
  readonly #library: Library;
  readonly #notices: Notices;
  readonly #onOpened: () => void;

  constructor(client: Client, library: Library, notices: Notices, onOpened: () => void) {
    this.#client = client;
    this.#library = library;
    this.#notices = notices;
    this.#onOpened = onOpened;
  }

  /** Opens files and folders of the machine that the host runs on. */
  async openPaths(paths: string[], refused: Skipped[] = []): Promise<void> {
    let skipped = refused;
    this.opening = true;
    try {
      if (paths.length > 0) {
        const opened = await this.#client.library.open({ paths });
        this.#library.add(opened.images);
        skipped = [...refused, ...opened.skipped];
      }
    } catch (thrown) {
      this.#notices.problem('Nothing was opened', failureOf(thrown));
    } finally {
      this.opening = false;
    }
    this.#tellSkipped(skipped);
    this.#onOpened();
  }

  /** Asks with the native dialog. */
  async choose(kind: 'files' | 'folder'): Promise<void> {
    try {
      const { paths } = await this.#client.library.choose({ kind });
      if (paths.length > 0) await this.openPaths(paths);
    } catch (thrown) {
      this.#notices.problem('Nothing was opened', failureOf(thrown));
    }
  }

  /** Opens what was dropped onto the page. Must be called while the drop event is dispatched. */
  async openDrop(transfer: DataTransfer): Promise<void> {
    if (bridge)
      return await this.openPaths(bridge.pathsOf([...transfer.files]).filter((path) => path !== ''));
    await this.openFiles(await droppedFiles(transfer));
  }

  /** Hands files over to the host and opens them there; files that are no images stay here. */
  async openFiles(files: DroppedFile[]): Promise<void> {
    const skipped: Skipped[] = [];
    const drop = crypto.randomUUID();
    let folder: string | undefined;
    this.receiving = { done: 0, total: files.length };
    for (const { file, path } of files) {
      if (!isImageName(file.name)) {
        skipped.push({ path, error: { code: 'NOT_AN_IMAGE', message: NOT_AN_IMAGE } });
      } else {
        try {
          folder = await upload(drop, path, file);
        } catch (thrown) {
          skipped.push({ path, error: failureOf(thrown) });
        }
      }
      this.receiving.done++;
    }
    this.receiving = undefined;
    await this.openPaths(folder === undefined ? [] : [folder], skipped);
  }

  async closeAll(): Promise<void> {
    try {
      await this.#client.library.close();
      this.#library.keepOnly(idsOf([]));
    } catch (thrown) {
      this.#notices.problem('The images are still open', failureOf(thrown));
    }
  }

  #tellSkipped(skipped: Skipped[]): void {
    if (skipped.length === 0) return;
    const title = skipped.length === 1 ? '1 was not opened' : `${skipped.length} were not opened`;
    const lines = skipped.map(({ path, error }) => ({ subject: path, reason: error.message }));
    this.#notices.tell('skipped', title, lines);
  }
}
