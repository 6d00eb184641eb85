import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Job } from 'pg-boss';
import { type ErrorReport, reportOf } from '../../../common/api/errors.ts';
import type { EngineClient } from '../../../engine/client/engine-client.ts';
import { version } from '../../../platform/version.ts';
import { Queue } from '../queue.ts';
import { announceWorker, listRequirements, PRESENCE_MS, removeWorker } from '../registry.ts';
import type { Requirement } from '../requirement.ts';
import { task as taskSchema } from '../task.ts';
import { Answers } from './answers.ts';
import { Capability } from './capability.ts';
import type { ContentCache } from './content-cache.ts';
import { FetchedModels } from './fetched-models.ts';
import { Hosts } from './hosts.ts';
import { performTask, type TaskContext } from './perform-task.ts';

/** Tasks in work at the same time: one computes while the next one's inputs arrive and the last one's result leaves. */
const SLOTS = 3;

const REST_MS = 10_000;

/** Intervals at which this worker looks for queues, and each slot for tasks. New tasks also wake the slots. */
const LOOK_MS = 1000;
const polling = { batchSize: 1, pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 3 };

/** Connections to the database, besides the one that listens. A server accepts 100 by default, from all workers and hosts. */
const CONNECTIONS = 2;

/** How long tasks in work may take to end after the signal; then they go back to the queue. */
const GRACE_MS = 30_000;

export interface WorkerOptions {
  url: string;
  engine: EngineClient;
  cache: ContentCache;
  /** Name of this machine in results. */
  name: string;
  shared: string | undefined;
  /** How long a slot rests after it gave a task back, so that another worker takes it; 10 s by default. */
  restMs?: number;
  /** Receives what happens, a sentence at a time. */
  log(text: string): void;
  /** Receives the number of tasks that were done. */
  onTask?(done: number): void;
}

/** Takes the tasks from the queue that this machine can do, until a signal ends it. */
export class TaskWorker {
  readonly #options: WorkerOptions;
  readonly #id = randomUUID();
  readonly #capability: Capability;
  readonly #served = new Set<string>();
  readonly #refusals = new Map<string, string>();
  /** Aborts when this worker is asked to end. */
  readonly #stopping = new AbortController();
  /** Aborts when its tasks in work have ended or their time is over. */
  readonly #ending = new AbortController();
  #logged = '';
  #done = 0;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#capability = new Capability(options.engine);
  }

  /** Works until `signal` aborts. @throws PerchError `QUEUE_UNUSABLE` if the queue refuses this user or has no such database */
  async run(signal: AbortSignal): Promise<void> {
    const { url, engine, cache, name, shared, log } = this.#options;
    const queue = await this.#open(url, signal);
    if (!queue) return;
    const hosts = new Hosts(queue);
    const models = new FetchedModels(cache);
    await models.removeUnused();
    const answers = new Answers();
    const context = { engine, cache, hosts, models, answers, name, shared };
    log(`${name} waits for tasks.`);
    let announcedMs = -Infinity;
    while (!signal.aborted) {
      try {
        await answers.offer(hosts, signal);
        await this.#serveAll(queue, context);
        if (performance.now() - announcedMs > PRESENCE_MS) {
          announcedMs = performance.now();
          await announceWorker(queue, {
            id: this.#id,
            name,
            version,
            refusals: Object.fromEntries(this.#refusals),
          });
        }
        this.#logOnce('');
      } catch (thrown) {
        // The queue may be restarted.
        this.#logOnce(reportOf(thrown).message);
      }
      await pause(LOOK_MS, undefined, { signal }).catch(() => {});
    }
    log('Ends after the tasks in work.');
    this.#stopping.abort();
    await removeWorker(queue, this.#id).catch(() => {});
    await queue.close(GRACE_MS);
    this.#ending.abort();
    hosts.close();
  }

  /** Connects, also to a database that starts later. @returns undefined after `signal` aborts */
  async #open(url: string, signal: AbortSignal): Promise<Queue | undefined> {
    while (!signal.aborted) {
      try {
        return await Queue.open(url, {
          onError: ({ message }) => this.#logOnce(message),
          connections: CONNECTIONS,
        });
      } catch (thrown) {
        if (isRefusal(thrown)) throw thrown;
        this.#logOnce(reportOf(thrown).message);
      }
      await pause(LOOK_MS, undefined, { signal }).catch(() => {});
    }
    return undefined;
  }

  /** Starts to take tasks from queues that were not known, unless this machine lacks what they need. */
  async #serveAll(queue: Queue, context: TaskContext): Promise<void> {
    const queues = await listRequirements(queue);
    for (const name of [...this.#refusals.keys()]) if (!queues.has(name)) this.#refusals.delete(name);
    for (const [name, needed] of queues) {
      if (this.#served.has(name)) continue;
      const lack = (await this.#capability.lackOf(needed)) ?? (await context.hosts.lackOfReach());
      if (lack !== undefined) {
        if (this.#refusals.get(name) !== lack) this.#options.log(`Does not take some tasks. ${lack}`);
        this.#refusals.set(name, lack);
        continue;
      }
      this.#refusals.delete(name);
      for (let slot = 0; slot < SLOTS; slot++) await this.#serve(name, needed, queue, context);
      this.#served.add(name);
    }
  }

  async #serve(name: string, needed: Requirement, queue: Queue, context: TaskContext): Promise<void> {
    const { boss } = queue;
    const slot: { id?: string } = {};
    slot.id = await boss.work<unknown>(name, polling, async ([job]) => {
      const { id, data, retryCount, signal } = job;
      try {
        const end = await performTask({ id, task: taskSchema.parse(data), model: needed.model }, context, {
          isRepeated: retryCount > 0,
          signal: AbortSignal.any([signal, this.#ending.signal]),
        });
        // Takes the next task at once.
        if (slot.id !== undefined) boss.notifyWorker(slot.id);
        if (end === 'sent') this.#options.onTask?.(++this.#done);
      } catch (thrown) {
        // The host withdrew it, or the queue has delivered it to another worker.
        if (signal.aborted) return;
        await this.#giveBack(job, reportOf(thrown), queue);
      }
    });
  }

  /** Returns a task to the queue, and leaves it to others for a while. */
  async #giveBack(
    { id, name, retryCount }: Job<unknown>,
    report: ErrorReport,
    { boss }: Queue,
  ): Promise<void> {
    this.#options.log(`Gave a task back. ${report.message}`);
    await boss.fail(name, { id, retryCount }, { report });
    await pause(this.#options.restMs ?? REST_MS, undefined, { signal: this.#stopping.signal }).catch(
      () => {},
    );
  }

  #logOnce(text: string): void {
    if (text !== '' && text !== this.#logged) this.#options.log(text);
    this.#logged = text;
  }
}

/** Whether the database refuses the user or password, or does not exist: PostgreSQL's classes 28 and 3D. */
function isRefusal(thrown: unknown): boolean {
  const { code } = ((thrown as Error).cause ?? {}) as { code?: unknown };
  return typeof code === 'string' && /^(28|3D)/.test(code);
}
