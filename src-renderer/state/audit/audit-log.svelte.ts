import { createContext } from 'svelte';
import type { AuditEntry, AuditFilter } from '../../../src-main/common/api/audit.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { downloadFile } from '../../api/download.ts';
import { isConnectionLost, toErrorReport } from '../../api/failures.ts';

const PAGE = 100;

/** The audit log as its window shows it: the newest entries that match a filter, and older ones on demand. */
export class AuditLog {
  isOpen = $state(false);
  filter = $state.raw<AuditFilter>({});
  /** Newest first. */
  entries = $state.raw<readonly AuditEntry[]>([]);
  /** Number of all entries that match. */
  total = $state(0);
  /** Everyone who changed something. */
  actors = $state.raw<readonly string[]>([]);
  loading = $state(false);
  exporting = $state(false);
  /** Why the last call failed; empty if it did not. */
  failure = $state('');
  readonly #client: Pick<Client, 'audit'>;
  /** Number of the latest request. */
  #requests = 0;

  constructor(client: Pick<Client, 'audit'>) {
    this.#client = client;
  }

  /** Opens the window. @param filter the entries that it shows first; all by default */
  async open(filter: AuditFilter = {}): Promise<void> {
    this.isOpen = true;
    await this.show(filter);
  }

  close(): void {
    this.isOpen = false;
    this.#requests++;
    this.entries = [];
  }

  /** Loads the newest entries that match a filter. */
  async show(filter: AuditFilter): Promise<void> {
    this.filter = filter;
    this.entries = [];
    await this.reload();
  }

  /** Loads the newest entries again, after a change for example. */
  async reload(): Promise<void> {
    if (!this.isOpen) return;
    const limit = Math.min(Math.max(this.entries.length, PAGE), 1000);
    await this.#load(async () => {
      const [{ entries, total }, { actors }] = await Promise.all([
        this.#client.audit.list({ ...this.filter, limit }),
        this.#client.audit.actors(),
      ]);
      return { entries, total, actors };
    });
  }

  /** Loads the next older entries. */
  async more(): Promise<void> {
    const before = this.entries.at(-1)?.id;
    if (before === undefined || this.loading || this.entries.length >= this.total) return;
    await this.#load(async () => {
      const { entries, total } = await this.#client.audit.list({ ...this.filter, before, limit: PAGE });
      return { entries: [...this.entries, ...entries], total };
    });
  }

  /** Downloads all entries that match. */
  async export(format: 'csv' | 'json'): Promise<void> {
    this.exporting = true;
    this.failure = '';
    try {
      downloadFile(await this.#client.audit.export({ ...this.filter, format }));
    } catch (thrown) {
      this.failure = toErrorReport(thrown).message;
    } finally {
      this.exporting = false;
    }
  }

  async #load(
    call: () => Promise<Pick<AuditLog, 'entries' | 'total'> & { actors?: string[] }>,
  ): Promise<void> {
    const request = ++this.#requests;
    this.loading = true;
    this.failure = '';
    try {
      const { entries, total, actors } = await call();
      if (request !== this.#requests) return;
      this.entries = entries;
      this.total = total;
      if (actors) this.actors = actors;
    } catch (thrown) {
      if (request === this.#requests && !isConnectionLost(thrown))
        this.failure = toErrorReport(thrown).message;
    } finally {
      if (request === this.#requests) this.loading = false;
    }
  }
}

export const [getAuditLog, setAuditLog] = createContext<AuditLog>();
