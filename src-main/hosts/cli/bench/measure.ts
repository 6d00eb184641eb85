/** The timings of repeated runs. */
export interface Measurement {
  name: string;
  /** Median and minimum of the counted runs, in seconds. */
  median: number;
  minimum: number;
  runs: number;
  /** Growth of the peak memory, in bytes; absent if the system does not report it. */
  peakBytes?: number;
}

/** Name of the measurement of a backbone's network alone. */
export const NETWORK_ALONE = 'Wide ResNet-50 to layer2 alone';

/** Measures a function after some warm-up runs. */
export async function measure(
  name: string,
  work: () => Promise<unknown>,
  { warmup, runs }: { warmup: number; runs: number },
): Promise<Measurement> {
  for (let i = 0; i < warmup; i++) await work();
  const seconds: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    await work();
    seconds.push((performance.now() - start) / 1000);
  }
  return measurement(name, seconds);
}

/**
 * Measures the steady throughput of a sequence in which each work item starts before the previous one ends, as in a run. A run is
 * `items` items; its time is that of one of them, because items may end together.
 *
 * @param work receives the index in the sequence
 * @param warmup number of items
 */
export async function measureThroughput(
  name: string,
  work: (index: number) => Promise<unknown>,
  { warmup, runs, items }: { warmup: number; runs: number; items: number },
): Promise<Measurement> {
  const seconds: number[] = [];
  let current = work(0);
  let start = performance.now();
  for (let index = 1; index <= warmup + runs * items; index++) {
    const next = work(index);
    await current;
    current = next;
    if (index < warmup || (index - warmup) % items !== 0) continue;
    const end = performance.now();
    if (index > warmup) seconds.push((end - start) / 1000 / items);
    start = end;
  }
  await current;
  return measurement(name, seconds);
}

function measurement(name: string, seconds: number[]): Measurement {
  const runs = seconds.length;
  seconds.sort((a, b) => a - b);
  return { name, median: seconds[Math.floor((runs - 1) / 2)], minimum: seconds[0], runs };
}

/** As `measure`, with the growth of the peak resident memory of this process, which must do nothing else. */
export async function measureMemory(...args: Parameters<typeof measure>): Promise<Measurement> {
  const before = process.memoryUsage.rss();
  const measured = await measure(...args);
  return { ...measured, peakBytes: Math.max(0, process.resourceUsage().maxRSS * 1024 - before) };
}
