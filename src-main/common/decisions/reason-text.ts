import type { ImageDecision, SizeLimits } from '../api/recipes.ts';

/** Details for the text of a reason, if known. */
export interface ReasonContext {
  /** Unit of the recipe's size limits, which areas use. */
  unit?: SizeLimits['unit'];
  /** Area in image pixels of the region that has the score. */
  regionArea?: number | undefined;
}

/**
 * Why an image has its decision, as a sentence without its period: `A region of 340 px at 0.0215 reaches the reject threshold
 * 0.0188`.
 */
export function reasonText(
  { score, decision, reason }: Pick<ImageDecision, 'score' | 'decision' | 'reason'>,
  { unit = 'px', regionArea }: ReasonContext = {},
): string {
  const region = `region of ${regionArea === undefined ? 'the required size' : `${Math.round(regionArea)} px`}`;
  switch (reason.type) {
    case 'below': {
      const [scoreText, limit] = distinctTexts(score, reason.limit);
      return `No region of the required size reaches the review threshold ${limit}; the highest is at ${scoreText}`;
    }
    case 'score': {
      const [scoreText, limit] = distinctTexts(score, reason.limit);
      return `A ${region} at ${scoreText} reaches the ${decision} threshold ${limit}`;
    }
    case 'count':
      return `${reason.count} regions reach the review threshold, more than ${reason.limit}`;
    case 'area':
      return `Regions of ${areaText(reason.area, unit)} reach the review threshold, more than ${areaText(reason.limit, unit)}`;
    case 'not-calibrated':
      return 'The recipe is not calibrated';
    case 'no-score':
      return 'No region can be as large as the size limits require';
    case 'other-normal-images':
      return 'The class has other normal images than the recipe was calibrated with';
    case 'unreadable-map':
      return `The map cannot be read: ${reason.message.replace(/\.$/, '')}`;
  }
}

/** A score and a limit with enough digits to differ: at least 3, at most the 9 of a float32. */
function distinctTexts(score: number | null, limit: number): [string, string] {
  if (score === null) return ['–', significant(limit, 3)];
  for (let digits = 3; ; digits++) {
    const texts: [string, string] = [significant(score, digits), significant(limit, digits)];
    if (digits === 9 || score === limit || texts[0] !== texts[1]) return texts;
  }
}

function significant(number: number, digits: number): string {
  return String(Number(number.toPrecision(digits)));
}

function areaText(area: number, unit: SizeLimits['unit']): string {
  const rounded = Number(area.toPrecision(4));
  if (unit === 'positions') return `${rounded} position${rounded === 1 ? '' : 's'}`;
  return `${rounded} ${unit === 'mm' ? 'mm²' : 'px'}`;
}
