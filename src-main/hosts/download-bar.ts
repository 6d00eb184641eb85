import { SingleBar } from 'cli-progress';

/** Shows the progress of a download: a bar on a terminal, else one line. */
export function downloadBar(file: string): { update(done: number, total: number): void; stop(): void } {
  if (!process.stderr.isTTY) {
    process.stderr.write(`Downloading ${file}\n`);
    return { update: () => {}, stop: () => {} };
  }
  const bar = new SingleBar({
    format: '{bar} {percentage} %  {mb} of {totalMb} MB  {eta_formatted} left',
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(1, 0, { mb: 0, totalMb: 0 });
  const inMb = (bytes: number) => Math.round(bytes / 1e6);
  return {
    update: (done, total) => {
      bar.setTotal(total);
      bar.update(done, { mb: inMb(done), totalMb: inMb(total) });
    },
    stop: () => bar.stop(),
  };
}
