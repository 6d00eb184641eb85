import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import os from 'node:os';
import type { Duplex, Readable } from 'node:stream';
import { errorOf, PerchError } from '../../common/api/errors.ts';
import { enableCodeCache } from '../../files/code-cache.js';
import { programPath } from '../../files/programs.ts';
import { childEnvironment } from '../../platform/child-environment.ts';
import { remedyFor } from '../../platform/remedies.ts';
import { receiveMessages, sendMessage } from '../protocol/ipc-codec.ts';
import type {
  EngineInfo,
  EngineRequests,
  FromEngine,
  Progress,
  RequestKind,
  ResponsePart,
  ToEngine,
} from '../protocol/messages.ts';
import { debugOptions } from './debug-options.ts';
import { eachLine } from './output-lines.ts';

export interface EngineOptions {
  /** The plain Node binary that runs the engine; the current process's binary by default. */
  node?: string;
  /** The engine's entry module. */
  entry?: string;
  /** Receives each line that the engine writes to stdout or stderr. By default, lines go to the stderr of this process. */
  onOutput?: (line: string) => void;
  /**
   * For requests on untrusted files: the process kills itself before it uses more bytes than this. Its output is discarded unless
   * `PERCH_ENGINE_LOG=debug`.
   */
  memoryLimit?: number;
  /** Threads that computations use; all by default. */
  threads?: number;
}

export interface RequestOptions {
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
  /** Receives the parts of a response that are ready before its end. */
  onPart?: (part: ResponsePart) => void;
}

export type EngineStatus = 'starting' | 'ready' | 'busy' | 'stopped';

interface PendingRequest {
  kind: RequestKind;
  request: EngineRequests[RequestKind]['request'];
  options: RequestOptions;
  /** Whether it was in flight with others when the engine crashed. It is then retried alone. */
  isSuspect: boolean;
  /** Timer that runs while the engine runs an added network for this request. */
  modelTimeout?: NodeJS.Timeout;
  resolve(response: unknown): void;
  reject(reason: unknown): void;
}

/**
 * How many requests of each light kind may be in flight. All other kinds are heavy: they use every core, so one of them runs at a
 * time. A second `inspect` may be in flight because it only decodes its image ahead.
 */
const LIGHT_CONCURRENCY: Partial<Record<RequestKind, number>> = {
  preview: 2,
  readValues: 1,
  normalizeMask: 1,
  ingestImage: os.availableParallelism(),
  readMap: 2,
  readTile: 4,
  readMapTile: 4,
  makeMapLevels: 1,
  readResolution: 2,
  scoreImages: 1,
  proposeRegions: 1,
};

/**
 * Makes Linux back large allocations with huge pages. Feature maps take tens of megabytes, and faulting them
 * in page by page takes a tenth of an inspection's time. glibc reads this variable when a process starts.
 */
const HUGE_PAGES = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' };

/**
 * Makes V8 collect garbage less often. It counts new arrays against the limit of its heap, and so would collect twice per image, which
 * takes an eighth of the processor time of an inspection. It still collects after 64 MB of new arrays.
 */
const LARGE_HEAP = '--initial-old-space-size=256';

/** If a canceled request has not ended after this time, the engine is killed. */
const CANCEL_GRACE_MS = 3000;

/** After this many failed starts in a row, the engine is not restarted until the next request. */
const START_ATTEMPTS = 3;

/** An engine that exits without a request in flight within this time after its start counts as a failed start. */
const SETTLED_MS = 10_000;

/**
 * The host's side of the engine. Starts the child process with the first request, queues requests, relays progress and cancellation,
 * and restarts the engine after it exits. A crash fails the request that was in flight. If several were, each
 * is retried alone; the one that crashes the engine again fails.
 *
 * Emits `change` when `status` or `info` changes.
 */
export class EngineClient extends EventEmitter<{ change: [] }> {
  readonly options: EngineOptions;
  readonly #waiting: PendingRequest[] = [];
  readonly #inFlight = new Map<number, PendingRequest>();
  #child: ChildProcess | undefined;
  #pipe: Duplex | undefined;
  /** The child that this client killed because of a single request. */
  #killed: ChildProcess | undefined;
  #isUp = false;
  #isClosed = false;
  #upSince = 0;
  #failedStarts = 0;
  #lastId = 0;
  #info: EngineInfo | undefined;

  constructor(options: EngineOptions = {}) {
    super();
    this.options = options;
  }

  /** The engine's description of itself, from its last start. */
  get info(): EngineInfo | undefined {
    return this.#info;
  }

  get status(): EngineStatus {
    if (this.#child === undefined) return 'stopped';
    if (!this.#isUp) return 'starting';
    return this.#inFlight.size > 0 ? 'busy' : 'ready';
  }

  /** The running engine's process id. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts the engine ahead of the first request. */
  start(): void {
    if (this.#child || this.#isClosed) return;
    const { memoryLimit, threads, node = process.execPath, entry = programPath('engine') } = this.options;
    const { nodeArguments, logRequests } = debugOptions();
    const codeCache = enableCodeCache();
    const isLimited = memoryLimit !== undefined;
    const commandLine = [
      ...(isLimited
        ? [`--max-old-space-size=${Math.ceil(memoryLimit / 2 ** 20)}`]
        : [LARGE_HEAP, ...nodeArguments]),
      entry,
      ...(isLimited ? [`--memory-limit=${memoryLimit}`] : []),
      ...(threads === undefined ? [] : [`--threads=${threads}`]),
    ];
    const child = spawn(node, commandLine, {
      // No stream is inherited, because an inherited one opens a console window on Windows.
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      windowsHide: true,
      env: {
        ...HUGE_PAGES,
        ...childEnvironment(),
        ...(codeCache !== undefined && { NODE_COMPILE_CACHE: codeCache }),
      },
    });
    const onOutput = isLimited && !logRequests ? discardOutput : (this.options.onOutput ?? writeToStderr);
    for (const output of [child.stdout, child.stderr]) eachLine(output as Readable, onOutput);
    const pipe = child.stdio[3] as Duplex;
    receiveMessages(pipe, (message) => {
      if (child === this.#child) this.#receive(message as FromEngine);
    });
    // A broken pipe means that the engine is exiting. The exit handler settles its requests.
    pipe.on('error', () => {});
    child.on('error', (cause) => this.#onExit(child, cause.message));
    child.on('exit', (code, signal) => this.#onExit(child, signal ?? `exit code ${code}`));
    this.#child = child;
    this.#pipe = pipe;
    this.emit('change');
  }

  /**
   * Sends a request to the engine.
   *
   * @throws PerchError of the request; `ENGINE_CRASHED` if the request crashed the engine; `CANCELED` after `signal` aborts
   */
  request<Kind extends RequestKind>(
    kind: Kind,
    request: EngineRequests[Kind]['request'],
    options: RequestOptions = {},
  ): Promise<EngineRequests[Kind]['response']> {
    return new Promise((resolve, reject) => {
      const { signal } = options;
      if (this.#isClosed) return reject(closed());
      if (signal?.aborted) return reject(canceled());
      const cancel = () => this.#cancel(pending);
      const settle =
        <Value>(settler: (value: Value) => void) =>
        (value: Value) => {
          signal?.removeEventListener('abort', cancel);
          clearTimeout(pending.modelTimeout);
          settler(value);
        };
      const pending: PendingRequest = {
        kind,
        request,
        options,
        isSuspect: false,
        resolve: settle((response) => resolve(response as EngineRequests[Kind]['response'])),
        reject: settle(reject),
      };
      signal?.addEventListener('abort', cancel);
      this.#waiting.push(pending);
      this.start();
      this.#dispatch();
    });
  }

  /** Stops the engine. Waiting and running requests fail with `CANCELED`. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const pending of [...this.#waiting.splice(0), ...this.#inFlight.values()]) pending.reject(closed());
    this.#inFlight.clear();
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await exited;
  }

  #dispatch(): void {
    if (!this.#isUp) return;
    // Heavy requests start in order of arrival. Otherwise consecutive inspections would starve the other kinds.
    let isHeavyWaiting = false;
    for (let at = 0; at < this.#waiting.length;) {
      const pending = this.#waiting[at];
      if (!(isHeavyWaiting && isHeavy(pending)) && this.#mayStart(pending)) {
        this.#send(this.#waiting.splice(at, 1)[0]);
      } else {
        isHeavyWaiting ||= isHeavy(pending);
        at++;
      }
    }
    this.emit('change');
  }

  #mayStart(pending: PendingRequest): boolean {
    const running = [...this.#inFlight.values()];
    if (running.some(({ isSuspect }) => isSuspect)) return false;
    if (pending.isSuspect) return running.length === 0;
    const limit = LIGHT_CONCURRENCY[pending.kind];
    if (limit !== undefined) return running.filter(({ kind }) => kind === pending.kind).length < limit;
    const heavy = running.filter(isHeavy);
    const isDecodingAhead = heavy.length === 1 && heavy[0].kind === 'inspect' && pending.kind === 'inspect';
    return heavy.length === 0 || isDecodingAhead;
  }

  #send(pending: PendingRequest): void {
    const id = ++this.#lastId;
    this.#inFlight.set(id, pending);
    this.#post({ type: 'request', id, kind: pending.kind, request: pending.request } as ToEngine);
  }

  #post(message: ToEngine): void {
    if (this.#pipe) sendMessage(this.#pipe, message);
  }

  #receive(message: FromEngine): void {
    if (message.type === 'ready') {
      if (!this.#isUp) this.#upSince = performance.now();
      this.#isUp = true;
      this.#info = message.info;
      this.#dispatch();
      return;
    }
    const pending = this.#inFlight.get(message.id);
    if (!pending) return;
    if (message.type === 'progress') {
      pending.options.onProgress?.(message.progress);
      return;
    }
    if (message.type === 'part') {
      pending.options.onPart?.(message.part);
      return;
    }
    if (message.type === 'model-run') {
      clearTimeout(pending.modelTimeout);
      const { file, timeoutSeconds } = message;
      if (timeoutSeconds !== null)
        pending.modelTimeout = setTimeout(
          () => this.#kill(message.id, modelTimedOut(file, timeoutSeconds)),
          1000 * timeoutSeconds,
        );
      return;
    }
    this.#inFlight.delete(message.id);
    if (message.type === 'response') pending.resolve(message.response);
    else pending.reject(errorOf(message.error));
    this.#dispatch();
  }

  #cancel(pending: PendingRequest): void {
    const at = this.#waiting.indexOf(pending);
    if (at >= 0) {
      this.#waiting.splice(at, 1);
      pending.reject(canceled());
      return;
    }
    const id = [...this.#inFlight].find(([, running]) => running === pending)?.[0];
    if (id === undefined) return;
    this.#post({ type: 'cancel', id });
    setTimeout(() => {
      if (this.#inFlight.get(id) === pending) this.#kill(id, canceled());
    }, CANCEL_GRACE_MS).unref();
  }

  /** Rejects a request that does not end, and kills the engine that it blocks. */
  #kill(id: number, reason: PerchError): void {
    const pending = this.#inFlight.get(id);
    if (!pending) return;
    this.#inFlight.delete(id);
    pending.reject(reason);
    this.#killed = this.#child;
    this.#child?.kill('SIGKILL');
  }

  #onExit(child: ChildProcess, reason: string): void {
    if (child !== this.#child) return;
    const interrupted = [...this.#inFlight.values()];
    const isSettled = interrupted.length > 0 || performance.now() - this.#upSince > SETTLED_MS;
    const didStart = this.#isUp && (isSettled || child === this.#killed);
    this.#failedStarts = didStart ? 0 : this.#failedStarts + 1;
    this.#inFlight.clear();
    this.#child = undefined;
    this.#pipe = undefined;
    this.#isUp = false;
    if (this.#isClosed) return;

    if (child === this.#killed) {
      // The request that caused the kill is already rejected. The others are retried.
      this.#waiting.unshift(...interrupted);
    } else if (interrupted.length === 1) {
      interrupted[0].reject(crashed(reason));
    } else {
      this.#waiting.unshift(...interrupted.map((pending) => Object.assign(pending, { isSuspect: true })));
    }
    if (this.#failedStarts < START_ATTEMPTS) return this.start();
    this.#failedStarts = 0;
    for (const pending of this.#waiting.splice(0)) pending.reject(startFailed(reason));
    this.emit('change');
  }
}

const discardOutput = () => {};
const writeToStderr = (line: string) => void process.stderr.write(`${line}\n`);

const isHeavy = ({ kind }: PendingRequest) => LIGHT_CONCURRENCY[kind] === undefined;

const canceled = () => new PerchError('CANCELED', 'Canceled.');
const closed = () => new PerchError('CANCELED', 'Canceled because Perch is closing.');
const crashed = (reason: string) =>
  new PerchError(
    'ENGINE_CRASHED',
    `The engine crashed while it processed this request (${reason}) and was restarted. Try again. If it crashes again, use a ` +
      'smaller image.',
  );
const modelTimedOut = (file: string, seconds: number) =>
  new PerchError(
    'MODEL_UNUSABLE',
    `The model ${file} was stopped after ${Math.round(seconds)} seconds on one image. Use a smaller image or another model, or raise ` +
      'the limit with PERCH_MODEL_SECONDS.',
  );
const startFailed = (reason: string) =>
  new PerchError('ENGINE_CRASHED', `The engine does not start (${reason}). ${remedyFor('engine')}`);
