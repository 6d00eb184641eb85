import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import os from 'node:os';
import type { Duplex, Readable } from 'node:stream';
import { errorOf, PerchError } from '../../common/api/errors.ts';
import { enableCodeCache } from '../../files/code-cache.js';
import { programPath } from '../../files/programs.ts';
import { childEnvironment } from '../../platform/child-environment.ts';
import { remedyFor } from '../../platform/remedies.ts';
import { eachLine } from './output-lines.ts';
import type {
  EngineInfo,
  FromEngine,
  Progress,
  RequestKind,
  EngineRequests,
  ToEngine,
} from '../protocol/messages.ts';
import { receiveMessages, sendMessage } from '../protocol/ipc-codec.ts';

export interface EngineOptions {
  /** The plain Node binary that runs the engine; the running one by default. */
  node?: string;
  /** The engine's entry module. */
  entry?: string;
  /** Receives each line that the engine writes to its stderr; by default it goes to ours. */
  onOutput?: (line: string) => void;
  /** For work on files that nobody vouches for: the process is ended before it holds more bytes, and says nothing. */
  memoryLimit?: number;
}

export interface RequestOptions {
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
}

export type EngineStatus = 'starting' | 'ready' | 'busy' | 'stopped';

interface PendingRequest {
  kind: RequestKind;
  request: EngineRequests[RequestKind]['request'];
  options: RequestOptions;
  /** Set once it was in flight, with others, when the engine died: it runs alone from then on. */
  suspect: boolean;
  /** Runs while it is in an added network, which may never end. */
  overdue?: NodeJS.Timeout;
  resolve(answer: unknown): void;
  reject(reason: unknown): void;
}

/**
 * Heavy kinds use all cores by themselves, so one of them runs at a time; so many of each light kind run beside it. Of
 * inspections a second is handed over, which only decodes ahead.
 */
const LIGHT_AT_ONCE: Partial<Record<RequestKind, number>> = {
  preview: 2,
  readValues: 1,
  normalizeMask: 1,
  ingestImage: os.availableParallelism(),
  readMap: 2,
};

/**
 * Has Linux back large blocks of memory with huge pages: feature maps are tens of megabytes, and touching them page by page
 * takes a tenth of an inspection. Read by glibc at the start of a process, by nothing else.
 */
const HUGE_PAGES = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' };

/** A task that does not heed its cancellation within this time is stopped with the whole engine. */
const CANCEL_GRACE_MS = 3000;

/** An engine that dies this often while it starts, one start after the other, is not started again before the next task. */
const START_ATTEMPTS = 3;

/** An engine that dies without a task within this time of being up counts as one that does not start. */
const SETTLED_MS = 10_000;

/**
 * The host's end of the engine: starts the child process at the first task, queues tasks, relays progress and
 * cancellation, and starts it again whenever it died, also without a task. A crash fails the task that was in flight; where several were, each is
 * tried again alone, and the one that crashes alone is failed.
 *
 * Emits `change` whenever `condition` or `report` changed.
 */
export class EngineClient extends EventEmitter<{ change: [] }> {
  readonly options: EngineOptions;
  readonly #waiting: PendingRequest[] = [];
  readonly #inFlight = new Map<number, PendingRequest>();
  #child: ChildProcess | undefined;
  #wire: Duplex | undefined;
  /** The child that was ended for one of its tasks. */
  #stopped: ChildProcess | undefined;
  #up = false;
  #closed = false;
  #upSince = 0;
  #failedStarts = 0;
  #lastId = 0;
  #report: EngineInfo | undefined;

  constructor(options: EngineOptions = {}) {
    super();
    this.options = options;
  }

  /** What the engine said of itself when it was last up. */
  get info(): EngineInfo | undefined {
    return this.#report;
  }

  get status(): EngineStatus {
    if (this.#child === undefined) return 'stopped';
    if (!this.#up) return 'starting';
    return this.#inFlight.size > 0 ? 'busy' : 'ready';
  }

  /** Process id of the running engine. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts the engine ahead of the first task. */
  start(): void {
    if (this.#child || this.#closed) return;
    const { memoryLimit } = this.options;
    const entry = this.options.entry ?? programPath('engine');
    const codeCache = enableCodeCache();
    const limits =
      memoryLimit === undefined
        ? { node: [], engine: [] }
        : {
            node: [`--max-old-space-size=${Math.ceil(memoryLimit / 2 ** 20)}`],
            engine: [`--memory-limit=${memoryLimit}`],
          };
    const child = spawn(this.options.node ?? process.execPath, [...limits.node, entry, ...limits.engine], {
      // Nothing is inherited: a console of the child's own would open on Windows.
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      windowsHide: true,
      env: {
        ...HUGE_PAGES,
        ...childEnvironment(),
        ...(codeCache !== undefined && { NODE_COMPILE_CACHE: codeCache }),
      },
    });
    eachLine(
      child.stderr as Readable,
      memoryLimit === undefined ? (this.options.onOutput ?? writeToStderr) : ignoreOutput,
    );
    const wire = child.stdio[3] as Duplex;
    receiveMessages(wire, (message) => {
      if (child === this.#child) this.#receive(message as FromEngine);
    });
    // A broken wire means that the engine is going down; its exit deals with the tasks.
    wire.on('error', () => {});
    child.on('error', (cause) => this.#ended(child, cause.message));
    child.on('exit', (code, signal) => this.#ended(child, signal ?? `exit code ${code}`));
    this.#child = child;
    this.#wire = wire;
    this.emit('change');
  }

  /**
   * Has the engine perform a task.
   *
   * @throws PerchError the task's own; `ENGINE_CRASHED` where it killed the engine; `CANCELED` once `signal` aborted
   */
  request<Kind extends RequestKind>(
    kind: Kind,
    request: EngineRequests[Kind]['request'],
    options: RequestOptions = {},
  ): Promise<EngineRequests[Kind]['response']> {
    return new Promise((resolve, reject) => {
      const { signal } = options;
      if (this.#closed) return reject(closed());
      if (signal?.aborted) return reject(canceled());
      const cancel = () => this.#cancel(task);
      const settle =
        <Value>(how: (value: Value) => void) =>
        (value: Value) => {
          signal?.removeEventListener('abort', cancel);
          clearTimeout(task.overdue);
          how(value);
        };
      const task: PendingRequest = {
        kind,
        request,
        options,
        suspect: false,
        resolve: settle((answer) => resolve(answer as EngineRequests[Kind]['response'])),
        reject: settle(reject),
      };
      signal?.addEventListener('abort', cancel);
      this.#waiting.push(task);
      this.start();
      this.#dispatch();
    });
  }

  /** Stops the engine; what is waiting or in flight fails as canceled. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const task of [...this.#waiting.splice(0), ...this.#inFlight.values()]) task.reject(closed());
    this.#inFlight.clear();
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  #dispatch(): void {
    if (!this.#up) return;
    // Heavy tasks start in the order they came: inspections that follow each other would not let another kind in.
    let heavyWaits = false;
    for (let at = 0; at < this.#waiting.length;) {
      const task = this.#waiting[at];
      if (!(heavyWaits && isHeavy(task)) && this.#mayStart(task)) {
        this.#send(this.#waiting.splice(at, 1)[0]);
      } else {
        heavyWaits ||= isHeavy(task);
        at++;
      }
    }
    this.emit('change');
  }

  #mayStart(task: PendingRequest): boolean {
    const flying = [...this.#inFlight.values()];
    if (flying.some((other) => other.suspect)) return false;
    if (task.suspect) return flying.length === 0;
    const limit = LIGHT_AT_ONCE[task.kind];
    if (limit === undefined) {
      const heavy = flying.filter(isHeavy);
      return (
        heavy.length === 0 || (heavy.length === 1 && heavy[0].kind === 'inspect' && task.kind === 'inspect')
      );
    }
    return flying.filter((other) => other.kind === task.kind).length < limit;
  }

  #send(task: PendingRequest): void {
    const id = ++this.#lastId;
    this.#inFlight.set(id, task);
    this.#post({ type: 'request', id, kind: task.kind, request: task.request } as ToEngine);
  }

  #post(message: ToEngine): void {
    if (this.#wire) sendMessage(this.#wire, message);
  }

  #receive(message: FromEngine): void {
    if (message.type === 'ready') {
      if (!this.#up) this.#upSince = performance.now();
      this.#up = true;
      this.#report = message.report;
      this.#dispatch();
      return;
    }
    const task = this.#inFlight.get(message.id);
    if (!task) return;
    if (message.type === 'progress') {
      task.options.onProgress?.(message.progress);
      return;
    }
    if (message.type === 'network') {
      clearTimeout(task.overdue);
      const { file, seconds } = message;
      if (seconds !== null)
        task.overdue = setTimeout(() => this.#stop(message.id, tooLong(file, seconds)), 1000 * seconds);
      return;
    }
    this.#inFlight.delete(message.id);
    if (message.type === 'response') task.resolve(message.response);
    else task.reject(errorOf(message.error));
    this.#dispatch();
  }

  #cancel(task: PendingRequest): void {
    const at = this.#waiting.indexOf(task);
    if (at >= 0) {
      this.#waiting.splice(at, 1);
      task.reject(canceled());
      return;
    }
    const id = [...this.#inFlight].find(([, flying]) => flying === task)?.[0];
    if (id === undefined) return;
    this.#post({ type: 'cancel', id });
    setTimeout(() => {
      if (this.#inFlight.get(id) === task) this.#stop(id, canceled());
    }, CANCEL_GRACE_MS).unref();
  }

  /** Ends a task that does not end by itself, with the engine that it holds. */
  #stop(id: number, reason: PerchError): void {
    const task = this.#inFlight.get(id);
    if (!task) return;
    this.#inFlight.delete(id);
    task.reject(reason);
    this.#stopped = this.#child;
    this.#child?.kill('SIGKILL');
  }

  #ended(child: ChildProcess, reason: string): void {
    if (child !== this.#child) return;
    const flying = [...this.#inFlight.values()];
    const settled = flying.length > 0 || performance.now() - this.#upSince > SETTLED_MS;
    this.#failedStarts = this.#up && (settled || child === this.#stopped) ? 0 : this.#failedStarts + 1;
    this.#inFlight.clear();
    this.#child = undefined;
    this.#wire = undefined;
    this.#up = false;
    if (this.#closed) return;

    if (child === this.#stopped) {
      // They were with another one that was to blame.
      this.#waiting.unshift(...flying);
    } else if (flying.length === 1) {
      flying[0].reject(crashed(reason));
    } else {
      this.#waiting.unshift(...flying.map((task) => Object.assign(task, { suspect: true })));
    }
    if (this.#failedStarts < START_ATTEMPTS) return this.start();
    this.#failedStarts = 0;
    for (const task of this.#waiting.splice(0)) task.reject(notStarting(reason));
    this.emit('change');
  }
}

const ignoreOutput = () => {};
const writeToStderr = (line: string) => void process.stderr.write(`${line}\n`);

const isHeavy = ({ kind }: PendingRequest) => LIGHT_AT_ONCE[kind] === undefined;

const canceled = () => new PerchError('CANCELED', 'Canceled.');
const closed = () => new PerchError('CANCELED', 'Canceled: Perch is closing.');
const crashed = (reason: string) =>
  new PerchError(
    'ENGINE_CRASHED',
    `The engine stopped while it worked on this (${reason}). It was started again; try this once more, and if it happens ` +
      'again use a smaller image.',
  );
const tooLong = (file: string, seconds: number) =>
  new PerchError(
    'MODEL_UNUSABLE',
    `The model ${file} took longer than ${Math.round(seconds)} seconds for one image and was stopped; it may never end. Use a ` +
      'smaller image or another model, or allow more with PERCH_MODEL_SECONDS.',
  );
const notStarting = (reason: string) =>
  new PerchError('ENGINE_CRASHED', `The engine does not start (${reason}). ${remedyFor('engine')}`);
