import type { Assessment, Roll, RollDefect, RollDefects } from '../../../src-main/common/api/rolls.ts';

export const MM_PER_PIXEL = 0.5;

/** A roll of 20 m x 0.5 m with defaults for the other properties. */
export function aRoll(part: Partial<Roll> = {}): Roll {
  return {
    image: 1,
    dataset: 1,
    textureClass: 'oxford',
    name: 'roll 4711',
    article: 'Oxford 210D',
    lot: '4711',
    direction: 'down',
    widthPixels: 1000,
    lengthPixels: 40_000,
    scale: { across: MM_PER_PIXEL, along: MM_PER_PIXEL },
    frames: 40,
    createdAt: '2026-01-01T00:00:00.000Z',
    inspectedAt: '2026-01-01T01:00:00.000Z',
    ...part,
  };
}

export function anAssessment(part: Partial<Assessment>): Assessment {
  return {
    verdict: null,
    kind: '',
    points: null,
    reason: '',
    operator: 'Ada',
    at: '2026-01-01T02:00:00.000Z',
    ...part,
  };
}

/** A defect around a position, in pixels of a roll that runs down. */
export function aDefect(
  { along, across = 500, length = 40, width = 20 }: Partial<RollDefect['px']> & { along: number },
  part: Partial<RollDefect> = {},
): RollDefect {
  const px = { along, across, length, width, area: length * width };
  const [by, area] = [MM_PER_PIXEL, MM_PER_PIXEL ** 2];
  return {
    id: `${across},${along}`,
    box: { left: across - width / 2, top: along - length / 2, width, height: length },
    px,
    mm: {
      along: along * by,
      across: across * by,
      length: length * by,
      width: width * by,
      area: px.area * area,
    },
    score: 0.05,
    assessment: null,
    repeat: null,
    points: 1,
    pointsByRule: 1,
    counted: true,
    why: 'Up to 76 mm long: 1 point.',
    ...part,
  };
}

export function rollDefects(defects: RollDefect[], part: Partial<RollDefects> = {}): RollDefects {
  return {
    roll: aRoll(),
    result: 1,
    map: 'map',
    method: 1,
    methodLabel: 'default',
    inspectedAt: '2026-01-01T01:00:00.000Z',
    threshold: { score: 0.02, source: 'class' },
    recipe: null,
    defects,
    smaller: 0,
    repeats: [],
    grade: null,
    rule: { name: 'four-point', title: 'Four-point', description: '', added: null, source: 'shipped' },
    notes: [],
    ...part,
  };
}
