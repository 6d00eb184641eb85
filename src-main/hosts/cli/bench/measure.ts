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
  seconds.sort((a, b) => a - b);
  return { name, median: seconds[Math.floor((runs - 1) / 2)], minimum: seconds[0], runs };
}

/** As `measure`, with the growth of this process's peak resident memory; for a process that does nothing else. */
export async function measureMemory(...of: Parameters<typeof measure>): Promise<Measurement> {
  const before = process.memoryUsage.rss();
  const measured = await measure(...of);
  return { ...measured, peakBytes: Math.max(0, process.resourceUsage().maxRSS * 1024 - before) };
}
