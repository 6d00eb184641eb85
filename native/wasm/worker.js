// A thread of the WebAssembly build: an instance of the module on the shared memory. Thread 0 makes the calls, the others
// help with them. src-main/methods/backend/wasm/thread-pool.ts starts it.
import { parentPort, workerData } from 'node:worker_threads';

const { module, memory, stackEnd, thread } = workerData;

/** The core's error, as a message can carry it. */
class CoreError extends Error {
  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }
}

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
exports.__stack_pointer.value = stackEnd;

const report = (act) => {
  try {
    parentPort.postMessage({ value: act() });
  } catch (error) {
    parentPort.postMessage({ error: { kind: error.kind, message: error.message } });
  }
};
if (thread === 0) parentPort.on('message', ({ name, values }) => report(() => exports[name](...values)));
else report(() => exports.help(thread));
