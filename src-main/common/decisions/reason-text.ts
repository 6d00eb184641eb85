import type { ImageDecision, SizeLimits } from '../api/recipes.ts';
import { formatArea, type UnitSystem } from '../length-text.ts';
import type { PixelSize } from '../scale.ts';

/** Details for the text of a reason, if known. */
export interface ReasonContext {
  /** Unit of the recipe's size limits, which areas use. */
  unit?: SizeLimits['unit'];
  /** Area in image pixels of the region that has the score. */
  regionArea?: number | undefined;
  /** Size of a pixel in millimeters. Areas are then physical. */
  pixel?: PixelSize | undefined;
  /** Of physical areas; `mm` by default. */
  system?: UnitSystem;
}

/**
 * Why an image has its decision, as a sentence without its period: `A region of 340 px at 0.0215 reaches the reject threshold
 * 0.0188`.
 */
export function reasonText(
  { score, decision, reason }: Pick<ImageDecision, 'score' | 'decision' | 'reason'>,
  { unit = 'px', regionArea, pixel, system = 'mm' }: ReasonContext = {},
): string {
  const region = `region of ${regionArea === undefined ? 'the required size' : pixelsText(regionArea, pixel, system)}`;
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
      return `Regions of ${areaText(reason.area, unit, system)} reach the review threshold, more than ${areaText(reason.limit, unit, system)}`;
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

function pixelsText(area: number, pixel: PixelSize | undefined, system: UnitSystem): string {
  return pixel ? formatArea(area * pixel.x * pixel.y, system) : `${Math.round(area)} px`;
}

function areaText(area: number, unit: SizeLimits['unit'], system: UnitSystem): string {
  if (unit === 'mm' && system === 'inch') return formatArea(area, system);
  const rounded = Number(area.toPrecision(4));
  if (unit === 'positions') return `${rounded} position${rounded === 1 ? '' : 's'}`;
  return `${rounded} ${unit === 'mm' ? 'mm²' : 'px'}`;
}
