import { Worker } from 'node:worker_threads';

/** How often it is looked. */
const INTERVAL_MS = 20;

let limit: Float64Array | undefined;

/**
 * Ends this process once it holds more memory than `bytes`. A thread of its own looks after that, because the main one may
 * be the one that is busy filling it.
 */
export function watchMemory(bytes: number): void {
  limit = new Float64Array(new SharedArrayBuffer(8));
  limit[0] = bytes;
  // As text, so that a bundle needs no second entry.
  const watch = `
    const { workerData } = require('node:worker_threads');
    setInterval(() => {
      if (process.memoryUsage.rss() > workerData[0]) process.kill(process.pid, 'SIGKILL');
    }, ${INTERVAL_MS});`;
  new Worker(watch, { eval: true, workerData: limit, execArgv: [] }).unref();
}

/** Allows more, because of a file of that size; nothing where memory is not watched. */
export function allowMemory(bytes: number): void {
  if (limit) limit[0] += bytes;
}
