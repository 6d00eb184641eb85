import type { Execution } from '../../types.ts';
import { assertInteger } from './check-arguments.ts';
import { WasmThreadPool } from './thread-pool.ts';

const MAX_THREADS = 1024;
/** A pool with more memory than this is closed after the call, since WebAssembly memory never shrinks. */
const KEPT_BYTES = 256 * 2 ** 20;

let pool: WasmThreadPool | undefined;
let last: Promise<unknown> = Promise.resolve();

/** A call of an exported function that writes floats. */
export interface CoreCall {
  name: string;
  /** Arrays that it reads. */
  arrays: readonly (Float32Array | Float64Array | Uint32Array)[];
  /** Number of floats that it writes. */
  length: number;
  execution: Execution;
}

/** The values of a call without the execution, from the addresses of its arrays and of its result. */
type CallValues = (arrays: number[], resultAt: number) => number[];

/**
 * Calls an exported function on all threads, after all earlier calls.
 *
 * @throws PerchError `INVALID_FEATURES`, `INVALID_ARGUMENT`, `OUT_OF_MEMORY`; the reason of the execution's signal
 */
export function callCore(call: CoreCall, values: CallValues): Promise<Float32Array> {
  const result = last.then(() => callNow(call, values));
  last = result.catch(() => {});
  return result;
}

async function callNow(
  { name, arrays, length, execution }: CoreCall,
  values: CallValues,
): Promise<Float32Array> {
  const { signal, threads } = execution;
  signal?.throwIfAborted();
  assertInteger('execution.threads', threads, 1, MAX_THREADS);
  if (pool && pool.threads < threads) closePool();
  try {
    pool ??= new WasmThreadPool(threads);
    const { core } = pool;
    const inputs = arrays.map((array) => core.copyIn(array));
    const resultAt = core.allocate(length * Float32Array.BYTES_PER_ELEMENT);
    await pool.call(name, values(inputs, resultAt), execution);
    const result = core.copyFloats(resultAt, length);
    for (const address of [...inputs, resultAt]) core.exports.release(address);
    if (core.memory.buffer.byteLength > KEPT_BYTES) closePool();
    return result;
  } catch (error) {
    // An error leaves the core in the middle of a computation.
    closePool();
    signal?.throwIfAborted();
    throw error;
  }
}

function closePool(): void {
  pool?.close();
  pool = undefined;
}
