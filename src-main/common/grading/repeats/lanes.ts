import { looksAlike } from './look.ts';
import type { RepeatingCandidate } from './types.ts';

/** Distance across within which defects are in one lane, as a multiple of the tolerance. */
const LANE = 3;

/** Finds the defects of the same look in the lane of a defect. */
export class Lanes {
  readonly #strips = new Map<number, RepeatingCandidate[]>();
  readonly #tolerance: number;

  /** @param sorted defects in order along the roll */
  constructor(sorted: readonly RepeatingCandidate[], tolerance: number) {
    this.#tolerance = tolerance;
    for (const defect of sorted) {
      const strip = this.#stripOf(defect.across);
      const members = this.#strips.get(strip);
      if (members) members.push(defect);
      else this.#strips.set(strip, [defect]);
    }
  }

  /** The defects that look like `seed` in its lane, with itself, in order along the roll. */
  peersOf(seed: RepeatingCandidate): RepeatingCandidate[] {
    const reach = LANE * this.#tolerance;
    const strip = this.#stripOf(seed.across);
    return [strip - 1, strip, strip + 1]
      .flatMap((index) => this.#strips.get(index) ?? [])
      .filter(
        (other) => Math.abs(other.across - seed.across) <= reach && looksAlike(seed, other, this.#tolerance),
      )
      .sort((a, b) => a.along - b.along);
  }

  #stripOf(across: number): number {
    return Math.floor(across / (LANE * this.#tolerance));
  }
}
