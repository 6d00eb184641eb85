import type { SingleBar } from 'cli-progress';

/** A bar with time left and a `name` on a terminal; nothing where the error output is a file or a pipe. */
export async function progressBar(): Promise<SingleBar | undefined> {
  if (!process.stderr.isTTY) return undefined;
  const { SingleBar } = await import('cli-progress');
  return new SingleBar({
    format: '{bar} {value}/{total}  {eta_formatted} left  {name}',
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
  });
}
