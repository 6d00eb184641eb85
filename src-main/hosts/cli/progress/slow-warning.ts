import type { Progress } from '../../../engine/protocol/messages.ts';
import { printError } from '../output/print.ts';

/** Shorter estimates, in seconds, are not announced. */
const SLOW_SECONDS = 3;

/** Returns a progress listener that announces once how long a slow computation will take. */
export function warnIfSlow(): (progress: Progress) => void {
  let warned = false;
  return ({ estimate }) => {
    if (warned || !estimate || estimate.seconds < SLOW_SECONDS) return;
    warned = true;
    printError(`comparing patches takes ${formatEstimate(estimate)}`);
  };
}

/** "about 12 s, 340 MB", to two digits, which matches the accuracy of estimates. */
export function formatEstimate({ seconds, bytes }: { seconds: number; bytes: number }): string {
  const round = (value: number) => Number(value.toPrecision(2));
  const time = seconds < 120 ? `${round(seconds)} s` : `${round(seconds / 60)} min`;
  return `about ${time}, ${round(bytes / 1e6)} MB`;
}
