import type { ErrorReport } from '../../common/api/errors.ts';

/** Delays before the next tries, by the reason of the last one. Any other reason ends a piece at once. */
const DELAYS: Readonly<Partial<Record<ErrorReport['code'], readonly number[]>>> = {
  // Another program may hold it, or a program may still write it.
  NOT_READABLE: [500, 1000, 2000, 4000, 8000],
  NOT_AN_IMAGE: [500, 1000, 2000, 4000],
  IMAGE_CHANGED: [200, 500, 1000, 2000, 4000, 8000],
  // A renamed file appears under its new name.
  NOT_FOUND: [1500, 1500],
  ENGINE_CRASHED: [500],
};

/** A share reports a new name late. */
const SHARE_FACTOR = 4;

/** Longest rest of a station without pieces. */
const MAX_REST_MS = 60_000;

/** The pieces that wait for another try. The pieces after them are decided meanwhile. */
export class Retries {
  /** Number of tries, and when the next one is due, by the monotonic clock. */
  readonly #tries = new Map<number, { count: number; due: number }>();

  /** Pieces whose next try is not due. */
  pending(): number[] {
    const now = performance.now();
    return [...this.#tries].flatMap(([piece, { due }]) => (due > now ? piece : []));
  }

  /** Plans the next try of a piece. @returns whether there is one */
  next(piece: number, { code }: ErrorReport, isShare: boolean): boolean {
    const count = this.#tries.get(piece)?.count ?? 0;
    const delay = DELAYS[code]?.[count];
    if (delay === undefined) return false;
    const due = performance.now() + delay * (isShare ? SHARE_FACTOR : 1);
    this.#tries.set(piece, { count: count + 1, due });
    return true;
  }

  /** Lets a piece wait without counting a try. */
  postpone(piece: number, delay: number): void {
    this.#tries.set(piece, { count: this.#tries.get(piece)?.count ?? 0, due: performance.now() + delay });
  }

  forget(piece: number): void {
    this.#tries.delete(piece);
  }

  msUntilNext(): number {
    const due = Math.min(...[...this.#tries.values()].map((each) => each.due));
    return Math.min(MAX_REST_MS, Math.max(0, due - performance.now()));
  }
}
