import type { SingleBar } from 'cli-progress';

/** A progress bar with the time left and a `name`; undefined if standard error is not a terminal. */
export async function createProgressBar(): Promise<SingleBar | undefined> {
  if (!process.stderr.isTTY) return undefined;
  const { SingleBar } = await import('cli-progress');
  return new SingleBar({
    format: '{bar} {value}/{total}  {eta_formatted} left  {name}',
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
  });
}
