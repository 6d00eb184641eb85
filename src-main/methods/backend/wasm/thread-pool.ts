import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { wasmFolder } from '../../../files/native-module.ts';
import type { Execution } from '../../types.ts';
import { CoreInstance, coreError, coreModule } from './core-module.ts';

const STACK_BYTES = 1 << 20;
const PROGRESS_MS = 50;

/** The answer of a thread. */
interface Answer {
  error?: { kind?: number; message: string };
}

/** The value of `Isa::automatic` in C++. */
const AUTOMATIC = 0;

/** Threads that run the core's computations on one shared memory, one computation at a time. */
export class WasmThreadPool {
  readonly core = new CoreInstance();
  readonly threads: number;
  readonly #workers: Worker[];

  constructor(threads: number) {
    this.threads = threads;
    const module = coreModule();
    const file = fileURLToPath(new URL('worker.js', wasmFolder));
    this.core.exports.expect_helpers(threads - 1);
    this.#workers = Array.from({ length: threads }, (_, thread) => {
      const stackEnd = this.core.allocate(STACK_BYTES) + STACK_BYTES;
      const worker = new Worker(file, { workerData: { module, memory: this.core.memory, stackEnd, thread } });
      worker.unref();
      return worker;
    });
  }

  /**
   * Calls an exported function that takes an execution last. After a rejection the pool cannot be used any more.
   *
   * @param values addresses, sizes and parameters
   * @throws PerchError that the core has raised; the error of `onProgress`
   */
  async call(
    name: string,
    values: readonly number[],
    { threads, signal, onProgress }: Execution,
  ): Promise<void> {
    const { memory, exports } = this.core;
    const canceled = new Uint8Array(memory.buffer, exports.canceled_address(), 1);
    const permille = new Int32Array(memory.buffer, exports.permille_address(), 1);
    // The previous call may have been canceled after its end.
    Atomics.store(canceled, 0, 0);
    Atomics.store(permille, 0, 0);
    const cancel = () => Atomics.store(canceled, 0, 1);
    signal?.addEventListener('abort', cancel);
    for (const worker of this.#workers) worker.ref();
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const onMessage = ({ error }: Answer) => (error ? reject(coreError(error)) : resolve(undefined));
    for (const worker of this.#workers) worker.on('message', onMessage).on('error', reject);
    const report = () => {
      try {
        const fraction = Atomics.load(permille, 0) / 1000;
        if (fraction > 0) onProgress?.(fraction);
      } catch (error) {
        reject(error);
      }
    };
    const timer = onProgress && setInterval(report, PROGRESS_MS);
    try {
      this.#workers[0].postMessage({ name, values: [...values, Math.min(threads, this.threads), AUTOMATIC] });
      await promise;
      onProgress?.(1);
    } finally {
      clearInterval(timer);
      signal?.removeEventListener('abort', cancel);
      for (const worker of this.#workers) worker.off('message', onMessage).off('error', reject).unref();
    }
  }

  /** Ends the threads, also in the middle of a computation. */
  close(): void {
    for (const worker of this.#workers) void worker.terminate();
  }
}
