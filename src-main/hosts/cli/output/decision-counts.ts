import type { Decision } from '../../../common/api/recipes.ts';
import { formatCount } from './table.ts';

/** Counts the decisions of an inspection. */
export class DecisionCounts {
  readonly #counts: Record<Decision, number> = { pass: 0, review: 0, reject: 0 };
  /** Images without a decision. */
  undecided = 0;

  add(decision: Decision | null): void {
    if (decision === null) this.undecided++;
    else this.#counts[decision]++;
  }

  get total(): number {
    const { pass, review, reject } = this.#counts;
    return pass + review + reject + this.undecided;
  }

  /** `7 images: 4 pass, 2 to review, 1 rejected` */
  text(): string {
    const { pass, review, reject } = this.#counts;
    const undecided = this.undecided > 0 ? `, ${this.undecided} not decided` : '';
    return `${formatCount(this.total, 'image')}: ${pass} pass, ${review} to review, ${reject} rejected${undecided}`;
  }

  /** 1 if an image has no decision, 20 if one is rejected, 10 if one needs review, else 0. */
  exitCode(): number {
    if (this.undecided > 0) return 1;
    return this.#counts.reject > 0 ? 20 : this.#counts.review > 0 ? 10 : 0;
  }
}
