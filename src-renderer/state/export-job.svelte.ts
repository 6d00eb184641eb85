import type { ExportedFile } from '../../src-main/common/api/evaluation.ts';
import { toErrorReport, isConnectionLost } from '../api/failures.ts';
import { downloadFile } from '../api/download.ts';

type Saved = Omit<ExportedFile, 'content'> & { content: BlobPart };

/** One file that is made and saved at a time; it can be canceled while it is made. */
export class ExportJob {
  /** What is being made; undefined at rest. */
  title = $state<string>();
  /** Why the last one was not saved; empty where it was, or was canceled. */
  failure = $state('');
  #abort = new AbortController();

  async run(title: string, make: (signal: AbortSignal) => Promise<Saved | undefined>): Promise<void> {
    if (this.title !== undefined) return;
    const { signal } = (this.#abort = new AbortController());
    this.title = title;
    this.failure = '';
    try {
      const made = await make(signal);
      if (made && !signal.aborted) downloadFile(made);
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
