import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { version } from '../../../platform/version.ts';
import type { Queue } from '../queue.ts';
import { findHost, type Host, listHosts } from '../registry.ts';
import { HostClient, statusOf } from './host-client.ts';

/** How long a host's row is used without a look at the database. */
const FRESH_MS = 10_000;

/** How long a host may take to answer a first request. */
const ANSWER_MS = 5000;

interface Known {
  host: Host | undefined;
  client: HostClient | undefined;
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
    try {
      return this.#keep(id, await findHost(this.#queue, id));
    } catch (thrown) {
      // A database that is restarted does not keep results from their host.
      if (known?.client) return known.client;
      throw thrown;
    }
  }

  /** Clients of the present hosts of this version. @throws PerchError `QUEUE_UNUSABLE` */
  async present(): Promise<HostClient[]> {
    const hosts = await listHosts(this.#queue);
    return hosts
      .filter((host) => host.version === version)
      .flatMap((host) => this.#keep(host.id, host) ?? []);
  }

  /** Why none of the present hosts can be reached, as a sentence; undefined if one can. @throws PerchError `QUEUE_UNUSABLE` */
  async lackOfReach(): Promise<string | undefined> {
    const lacks = await Promise.all((await this.present()).map(lackOf));
    return lacks.every((lack) => lack !== undefined) ? lacks.at(0) : undefined;
  }

  /** Reads a host's row again at the next use, after it could not be reached. */
  forget(id: string): void {
    const known = this.#known.get(id);
    if (known) known.readMs = -Infinity;
  }

  close(): void {
    for (const { client } of this.#known.values()) client?.close();
  }

  #keep(id: string, host: Host | undefined): HostClient | undefined {
    const known = this.#known.get(id);
    const isSame = known?.client !== undefined && isDeepStrictEqual(host, known.host);
    if (!isSame) known?.client?.close();
    const client = isSame ? known.client : host && new HostClient(host);
    this.#known.set(id, { host, client, readMs: performance.now() });
    return client;
  }
}

/** Asks a host for a task that does not exist. */
async function lackOf(client: HostClient): Promise<string | undefined> {
  try {
    statusOf(
      await client.request('GET', `/tasks/${randomUUID()}`, { signal: AbortSignal.timeout(ANSWER_MS) }),
    );
    return undefined;
  } catch (cause) {
    return client.unreachable(cause).message;
  }
}
