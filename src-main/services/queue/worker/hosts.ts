import type { Queue } from '../queue.ts';
import { findHost, type Host } from '../registry.ts';
import { HostClient } from './host-client.ts';

/** How long a host's row is used without a look at the database. */
const FRESH_MS = 10_000;

interface Known {
  client: HostClient | undefined;
  url: string;
  readMs: number;
}

/** Clients of the hosts that offer tasks. */
export class Hosts {
  readonly #queue: Queue;
  readonly #known = new Map<string, Known>();

  constructor(queue: Queue) {
    this.#queue = queue;
  }

  /** The client of a host; undefined if it ended. @throws PerchError `QUEUE_UNUSABLE` */
  async client(id: string): Promise<HostClient | undefined> {
    const known = this.#known.get(id);
    if (known && performance.now() - known.readMs < FRESH_MS) return known.client;
    const found = await findHost(this.#queue, id);
    const host: Host | undefined = found?.present ? found : undefined;
    const isSame = known?.client !== undefined && host?.url === known.url;
    if (!isSame) known?.client?.close();
    const client = isSame ? known.client : host && new HostClient(host);
    this.#known.set(id, { client, url: host?.url ?? '', readMs: performance.now() });
    return client;
  }

  /** Reads a host's row again at the next use, after it could not be reached. */
  forget(id: string): void {
    const known = this.#known.get(id);
    if (known) known.readMs = -Infinity;
  }

  close(): void {
    for (const { client } of this.#known.values()) client?.close();
  }
}
