import type { ImageDecision } from '../api/recipes.ts';

/** Why an image has its decision, as a sentence without its period. */
export function reasonText({
  score,
  decision,
  reason,
}: Pick<ImageDecision, 'score' | 'decision' | 'reason'>): string {
  switch (reason.type) {
    case 'below':
      return `No region of the required size reaches the review threshold ${format(reason.limit)}`;
    case 'score':
      return `A region of the required size at ${format(score)} reaches the ${decision} threshold ${format(reason.limit)}`;
    case 'count':
      return `${reason.count} regions of the required size, limit ${reason.limit}`;
    case 'area':
      return `Regions of ${Math.round(reason.area)} px in total, limit ${Math.round(reason.limit)} px`;
    case 'not-calibrated':
      return 'The recipe is not calibrated';
  }
}

function format(score: number | null): string {
  return score === null ? '–' : String(Number(score.toPrecision(3)));
}
