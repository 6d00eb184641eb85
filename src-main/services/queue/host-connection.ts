import net from 'node:net';
import os from 'node:os';
import { type ErrorReport, errorOf, PerchError } from '../../common/api/errors.ts';
import { errorReport } from '../../common/api/schemas.ts';
import { isProcessDead } from '../runs/lease.ts';
import { createCertificate } from './certificate.ts';
import { Endpoint, type ResultReceiver } from './endpoint.ts';
import type { OfferedFiles } from './offered-files.ts';
import type { Offer } from './offer.ts';
import { Queue } from './queue.ts';
import type { QueueTarget } from './queue-source.ts';
import {
  announceHost,
  type Host,
  listWorkers,
  PRESENCE_MS,
  type PresentWorker,
  removeGoneHosts,
  removeHost,
} from './registry.ts';
import type { Requirement } from './requirement.ts';
import { deadLetterQueueOf, taskQueueOptions } from './task-queue-options.ts';

/** Age at which a task without a result is looked up in the queue, and how many of them at a time. */
const CHECK_MS = 60_000;
const CHECKED = 10;

const UNFINISHED: ReadonlySet<string> = new Set(['created', 'retry', 'active', 'failed']);

const LOOPBACK = '127.0.0.1';

/** What a connection reports to its dispatcher. */
export interface ConnectionEvents extends ResultReceiver {
  present(workers: PresentWorker[]): void;
  requirements(): Map<string, Requirement>;
  oldest(ageMs: number, count: number): Offer[];
  /** No worker could do a task. */
  abandoned(task: string, error: PerchError): void;
  /** The queue no longer has a task that has no result. */
  missing(task: string): void;
  /** The connection failed, or works again. */
  failed(error?: PerchError): void;
}

/** A host's connection to the queue, and the endpoint that it announces there. */
export class HostConnection {
  readonly #queue: Queue;
  readonly #endpoint: Endpoint;
  readonly #host: Host;
  readonly #events: ConnectionEvents;
  readonly #known = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  #beats = 0;

  private constructor(queue: Queue, endpoint: Endpoint, host: Host, events: ConnectionEvents) {
    this.#queue = queue;
    this.#endpoint = endpoint;
    this.#host = host;
    this.#events = events;
  }

  /** @throws PerchError `QUEUE_UNUSABLE`, or `INVALID_ARGUMENT` if the address for workers cannot be used */
  static async open(
    { url, address }: QueueTarget,
    self: Pick<Host, 'id' | 'name' | 'version'>,
    files: OfferedFiles,
    events: ConnectionEvents,
  ): Promise<HostConnection> {
    const queue = await Queue.open(url, { onError: events.failed });
    let endpoint: Endpoint | undefined;
    try {
      const { host, port } = splitAddress(address || (await seenAddress(queue)));
      const keys = isLoopback(host) ? undefined : await createCertificate();
      endpoint = new Endpoint(files, events, keys);
      const bound = await endpoint.listen(isOwn(host) ? host : undefined, port).catch((cause: unknown) => {
        throw new PerchError(
          'INVALID_ARGUMENT',
          `Workers cannot be served at ${host}:${port}: ${String(cause)}`,
          cause,
        );
      });
      const authority = `${net.isIPv6(host) ? `[${host}]` : host}:${bound}`;
      const connection = new HostConnection(
        queue,
        endpoint,
        {
          ...self,
          url: `${keys ? 'https' : 'http'}://${authority}`,
          token: endpoint.token,
          certificate: keys?.certificate ?? null,
        },
        events,
      );
      await connection.#start();
      return connection;
    } catch (thrown) {
      endpoint?.close();
      await queue.close();
      throw thrown;
    }
  }

  /** Adds tasks to the queue. A task that it already has is not added again. @throws PerchError `QUEUE_UNUSABLE` */
  async offer(offers: readonly Offer[]): Promise<void> {
    const { boss } = this.#queue;
    for (const [queue, batch] of Map.groupBy(offers, (offer) => offer.queue)) {
      const [{ requirement }] = batch;
      await this.#guarded(async () => {
        if (!this.#known.has(queue)) {
          await boss.createQueue(queue, taskQueueOptions);
          await announceHost(this.#queue, this.#host, new Map([[queue, requirement]]));
          this.#known.add(queue);
        }
        const deadLetter = deadLetterQueueOf(this.#host.id);
        await boss.insert(
          queue,
          batch.map(({ id, task }) => ({ id, data: task, deadLetter })),
        );
      });
    }
  }

  /** Removes a task that is no longer wanted; a worker that has it stops at its next heartbeat. */
  withdraw({ queue, id }: Offer): void {
    this.#queue.boss.deleteJob(queue, id).catch(() => {});
  }

  /** @param left tasks that nobody waits for any more */
  async close(left: readonly Offer[]): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#endpoint.close();
    const { boss } = this.#queue;
    for (const [queue, batch] of Map.groupBy(left, (offer) => offer.queue))
      await boss
        .deleteJob(
          queue,
          batch.map(({ id }) => id),
        )
        .catch(() => {});
    await removeHost(this.#queue, this.#host.id).catch(() => {});
    await boss.offWork(deadLetterQueueOf(this.#host.id)).catch(() => {});
    await boss.deleteQueue(deadLetterQueueOf(this.#host.id)).catch(() => {});
    await this.#queue.close();
  }

  async #start(): Promise<void> {
    const { boss } = this.#queue;
    for (const gone of await removeGoneHosts(this.#queue, isProcessDead))
      await boss.deleteQueue(deadLetterQueueOf(gone)).catch(() => {});
    await this.#guarded(async () => {
      await boss.createQueue(deadLetterQueueOf(this.#host.id));
      await boss.work(
        deadLetterQueueOf(this.#host.id),
        { includeMetadata: true, batchSize: 100 },
        async (jobs) => {
          for (const { sourceId, sourceOutput } of jobs)
            if (sourceId !== null) this.#events.abandoned(sourceId, failureOf(sourceOutput));
        },
      );
    });
    await this.#beat();
  }

  /** Renews this host's row and sees who is there. */
  async #beat(): Promise<void> {
    try {
      await announceHost(this.#queue, this.#host, this.#events.requirements());
      this.#events.present(await listWorkers(this.#queue));
      if (++this.#beats % 5 === 0) await this.#check();
      this.#events.failed();
    } catch (thrown) {
      this.#events.failed(thrown as PerchError);
    }
    if (!this.#isClosed) this.#timer = setTimeout(() => void this.#beat(), PRESENCE_MS);
  }

  /** Finds tasks that the queue has lost, such as by a restored backup, or that a worker ended without a result. */
  async #check(): Promise<void> {
    for (const { queue, id } of this.#events.oldest(CHECK_MS, CHECKED)) {
      const [job] = await this.#guarded(() => this.#queue.boss.findJobs(queue, { id }));
      if (!job || !UNFINISHED.has(job.state)) this.#events.missing(id);
    }
  }

  async #guarded<Value>(work: () => Promise<Value>): Promise<Value> {
    try {
      return await work();
    } catch (cause) {
      throw this.#queue.failure(cause);
    }
  }
}

/** The address of this machine as the database sees it. */
async function seenAddress(queue: Queue): Promise<string> {
  const [row] = await queue.query<{ address: string | null }>('SELECT host(inet_client_addr()) AS address');
  return row?.address ?? LOOPBACK;
}

/** @throws PerchError `INVALID_ARGUMENT` */
function splitAddress(address: string): { host: string; port: number } {
  const bare = net.isIPv6(address) ? `[${address}]` : address;
  const url = URL.canParse(`http://${bare}`) ? new URL(`http://${bare}`) : undefined;
  if (!url || url.pathname !== '/' || url.hostname === '')
    throw new PerchError(
      'INVALID_ARGUMENT',
      `"${address}" is not an address. It has the form HOST or HOST:PORT.`,
    );
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/** Whether an address is one of this machine, and not one under which a router or a name server knows it. */
function isOwn(host: string): boolean {
  const own = Object.values(os.networkInterfaces()).flatMap((each) => each ?? []);
  return isLoopback(host) || own.some(({ address, scopeid }) => address === host && !scopeid);
}

/** Why the last worker gave a task back, or that its workers ended. */
function failureOf(output: unknown): PerchError {
  const report = errorReport.safeParse((output as { report?: unknown } | null)?.report);
  if (report.success) return errorOf(report.data as ErrorReport);
  return new PerchError(
    'ENGINE_CRASHED',
    'The workers that inspected this image ended again and again without a result.',
  );
}
