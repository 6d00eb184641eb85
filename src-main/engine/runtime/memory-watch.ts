import { Worker } from 'node:worker_threads';

/** Interval between checks. */
const INTERVAL_MS = 20;

let limit: Float64Array | undefined;

/** Kills this process when it uses more than `bytes` of memory. A separate thread checks, because the main thread may be blocked. */
export function watchMemory(bytes: number): void {
  limit = new Float64Array(new SharedArrayBuffer(8));
  limit[0] = bytes;
  // Source text instead of a file, so that bundling needs no second entry.
  const watch = `
    const { workerData } = require('node:worker_threads');
    setInterval(() => {
      if (process.memoryUsage.rss() > workerData[0]) process.kill(process.pid, 'SIGKILL');
    }, ${INTERVAL_MS});`;
  new Worker(watch, { eval: true, workerData: limit, execArgv: [] }).unref();
}

/** Raises the limit, for a file of that size. Does nothing if memory is not watched. */
export function allowMemory(bytes: number): void {
  if (limit) limit[0] += bytes;
}
