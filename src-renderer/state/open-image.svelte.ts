import type { ErrorReport } from '../../src-main/api/errors.ts';
import type { Image, Inspection, Stage } from '../../src-main/api/schemas.ts';
import type { Histogram } from '../scores/histogram.ts';

/** How far the inspection of an image has come. */
export type Outcome =
  | { state: 'waiting' }
  | { state: 'running'; stage: Stage; fraction: number }
  | { state: 'inspected'; inspection: Inspection }
  | { state: 'failed'; error: ErrorReport };

const waiting: Outcome = { state: 'waiting' };

/** An image that is open, and what is known of it. */
export class OpenImage {
  readonly image: Image;
  outcome = $state.raw<Outcome>(waiting);
  /** How often which scores occur in its map; comes shortly after its inspection. */
  histogram = $state.raw<Histogram>();

  constructor(image: Image) {
    this.image = image;
  }

  get inspection(): Inspection | undefined {
    return this.outcome.state === 'inspected' ? this.outcome.inspection : undefined;
  }

  get waits(): boolean {
    return this.outcome.state === 'waiting';
  }

  get ended(): boolean {
    return this.outcome.state === 'inspected' || this.outcome.state === 'failed';
  }

  /** Forgets what was found. */
  reset(): void {
    this.outcome = waiting;
    this.histogram = undefined;
  }
}
