import { toErrorReport } from '../api/failures.ts';

const PAUSE_MS = 500;

/** Repeats work on tiles while the host still makes them. */
export async function untilMade<Result>(work: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await work();
    } catch (thrown) {
      if (toErrorReport(thrown).code !== 'NOT_YET') throw thrown;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
