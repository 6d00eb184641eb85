import type { ExportedFile } from '../../src-main/common/api/evaluation.ts';
import { toErrorReport, isConnectionLost } from '../api/failures.ts';
import { downloadFile } from '../api/download.ts';

type CreatedFile = Omit<ExportedFile, 'content'> & { content: BlobPart };

/** Creates and downloads one file at a time. Can be canceled. */
export class ExportJob {
  /** The file in progress; undefined if there is none. */
  title = $state<string>();
  /** Why the last export failed; empty if it succeeded or was canceled. */
  failure = $state('');
  #abort = new AbortController();

  async run(title: string, create: (signal: AbortSignal) => Promise<CreatedFile | undefined>): Promise<void> {
    if (this.title !== undefined) return;
    const { signal } = (this.#abort = new AbortController());
    this.title = title;
    this.failure = '';
    try {
      const file = await create(signal);
      if (file && !signal.aborted) downloadFile(file);
    } catch (thrown) {
      if (!signal.aborted)
        this.failure = isConnectionLost(thrown)
          ? 'The connection was lost. Try again.'
          : toErrorReport(thrown).message;
    } finally {
      this.title = undefined;
    }
  }

  cancel(): void {
    this.#abort.abort();
    this.title = undefined;
  }
}
