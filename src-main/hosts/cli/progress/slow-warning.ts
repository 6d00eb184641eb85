import type { Progress } from '../../../engine/protocol/messages.ts';

/** Seconds from which on a person wants to know beforehand. */
const LONG = 3;

/** Says on the error output, once, what a long computation will take. To be called with all progress. */
export function tellLongOnes(): (progress: Progress) => void {
  let told = false;
  return ({ estimate }) => {
    if (told || !estimate || estimate.seconds < LONG) return;
    told = true;
    process.stderr.write(`perch: comparing patches takes ${inWords(estimate)}\n`);
  };
}

/** "about 12 s, 340 MB" */
export function inWords({ seconds, bytes }: { seconds: number; bytes: number }): string {
  const time = seconds < 120 ? `${roundly(seconds)} s` : `${roundly(seconds / 60)} min`;
  return `about ${time}, ${roundly(bytes / 1e6)} MB`;
}

/** Two digits: more would promise too much. */
const roundly = (value: number) => Number(value.toPrecision(2));
