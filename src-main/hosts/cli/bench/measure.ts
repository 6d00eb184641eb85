/** What repeated runs of one thing took. */
export interface Measurement {
  /** What was measured. */
  name: string;
  /** Median and minimum over the counted runs, seconds. */
  median: number;
  minimum: number;
  runs: number;
  /** Peak memory beyond what was in use before, bytes; absent where it cannot be told. */
  peakBytes?: number;
}

/** What the network of a backbone is called that is run by itself. */
export const NETWORK_ALONE = 'Wide ResNet-50 to layer2 alone';

/** Runs something a few times to warm up and a few times counted. */
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
 * Does a sequence of things of which the next is handed over while one is under way, as a run hands over its images, and
 * measures the steady pace: the seconds from the end of one to the end of the next.
 *
 * @param work is given the place in the sequence
 */
export async function measurePace(
  name: string,
  work: (at: number) => Promise<unknown>,
  { warmup, runs }: { warmup: number; runs: number },
): Promise<Measurement> {
  const seconds: number[] = [];
  let underWay = work(0);
  let start = performance.now();
  for (let at = 0; at < warmup + runs; at++) {
    const next = work(at + 1);
    await underWay;
    const end = performance.now();
    if (at >= warmup) seconds.push((end - start) / 1000);
    [underWay, start] = [next, end];
  }
  await underWay;
  return measurement(name, seconds);
}

function measurement(name: string, seconds: number[]): Measurement {
  const runs = seconds.length;
  seconds.sort((a, b) => a - b);
  return { name, median: seconds[Math.floor((runs - 1) / 2)], minimum: seconds[0], runs };
}

/** As `measure`, with the growth of this process's peak resident memory; for a process that does nothing else. */
export async function measureMemory(...of: Parameters<typeof measure>): Promise<Measurement> {
  const before = process.memoryUsage.rss();
  const measured = await measure(...of);
  return { ...measured, peakBytes: Math.max(0, process.resourceUsage().maxRSS * 1024 - before) };
}
