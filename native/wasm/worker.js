// A thread of the WebAssembly build: an instance of the module on the shared memory. Thread 0 makes the calls, the others
// help with them. src-main/methods/backend/wasm/thread-pool.ts starts it.
import { parentPort, workerData } from 'node:worker_threads';

/** @type {{ module: WebAssembly.Module, memory: WebAssembly.Memory, stackEnd: number, thread: number }} */
const { module, memory, stackEnd, thread } = workerData;

/** An error that the core has raised. */
class CoreError extends Error {
  /** @param {number} kind @param {string} message */
  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }
}

/** @param {number} kind @param {number} address @param {number} length */
const raise = (kind, address, length) => {
  // A decoder refuses views of shared memory.
  throw new CoreError(kind, new TextDecoder().decode(new Uint8Array(memory.buffer, address, length).slice()));
};
const missing = () => {
  throw new Error('The WebAssembly module called the operating system.');
};
const { exports } = new WebAssembly.Instance(module, {
  env: { memory },
  perch: { raise },
  wasi_snapshot_preview1: { fd_close: missing, fd_seek: missing, fd_write: missing },
});
/** @type {WebAssembly.Global} */ (exports['__stack_pointer']).value = stackEnd;

/** Calls an export and reports its end. @param {string} name @param {number[]} values */
const call = (name, values) => {
  try {
    /** @type {(...values: number[]) => void} */ (exports[name])(...values);
    parentPort?.postMessage({});
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    parentPort?.postMessage({
      error: error instanceof CoreError ? { kind: error.kind, message } : { message },
    });
  }
};
if (thread === 0) parentPort?.on('message', ({ name, values }) => call(name, values));
else call('help', [thread]);
