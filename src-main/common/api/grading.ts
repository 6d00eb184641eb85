import { z } from 'zod';
import { line, text } from './text.ts';

/** A length with its unit, such as `3 in` or `76.2 mm`. */
export const ruleLength = z
  .string()
  .regex(/^\d+(\.\d+)? (mm|cm|m|in|ft|yd)$/, 'Write a length with its unit, such as "3 in" or "75 mm"');

/** A length, or a percentage of the roll's, such as `50 %`. */
export const relativeLength = z
  .string()
  .regex(
    /^\d+(\.\d+)? (mm|cm|m|in|ft|yd|%)$/,
    'Write a length with its unit, such as "3 in" or "75 mm", or a percentage, such as "50 %"',
  );

/** An area with its unit, such as `4 mm2`. */
export const ruleArea = z
  .string()
  .regex(/^\d+(\.\d+)? (mm2|cm2|in2)$/, 'Write an area with its unit, such as "4 mm2" or "1 in2"');

/** Kinds of defects, compared without regard to case. */
const kinds = z.array(line(100).min(1)).max(100);
const points = z.int().min(0).max(1000);
const gradeName = line(40).min(1);

/** Which defects a rule counts. A defect without a verdict is `unjudged`. */
export const countedDefects = z.strictObject({
  verdicts: z
    .array(z.enum(['accept', 'reject', 'unsure', 'unjudged']))
    .default(['reject', 'unsure', 'unjudged']),
  /** Only these kinds count; null for all. */
  onlyKinds: kinds.nullable().default(null),
  exceptKinds: kinds.default([]),
  /** A defect counts if its longest side reaches this length. */
  leastLength: ruleLength.nullable().default(null),
  leastArea: ruleArea.nullable().default(null),
  /** A defect that lies wholly within this distance of an edge of the width does not count. */
  edge: ruleLength.nullable().default(null),
});
export type CountedDefects = z.infer<typeof countedDefects>;

/** Points by length. The first step whose `upTo` the length does not exceed holds; a percentage is of the roll's width. */
export const pointClass = z.strictObject({
  /** Kinds of defects that this class holds for; null for all. */
  kinds: kinds.nullable().default(null),
  /** `along`: only defects longer along the roll than across, or equal; `across`: only the others; null for both. */
  direction: z.enum(['along', 'across']).nullable().default(null),
  steps: z.array(z.strictObject({ upTo: relativeLength, points })).max(20),
  /** Points above the last step. */
  over: points,
});
export type PointClass = z.infer<typeof pointClass>;

/** What makes a roll fail whatever its points. */
export const rollRejects = z.strictObject({
  /** A running defect that is longer. */
  runningOver: ruleLength.nullable().default(null),
  /** A repeating defect that spans more from its first to its last occurrence; a percentage is of the roll's length. */
  repeatingOver: relativeLength.nullable().default(null),
  /** More than `per100` defects in 100 units of length that are at least `from` wide; a percentage is of the roll's width. */
  fullWidth: z
    .strictObject({ from: relativeLength, per100: z.number().min(0) })
    .nullable()
    .default(null),
  /** Any counted defect of these kinds. */
  kinds: kinds.default([]),
});
export type RollRejects = z.infer<typeof rollRejects>;

const ruleHead = {
  $schema: z.string().optional(),
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'Use lower-case letters, digits and hyphens'),
  title: line(100).min(1),
  description: text(2000).default(''),
  counts: countedDefects.prefault({}),
};

/** A rule that gives points by length and limits their number. */
export const pointsRule = z.strictObject({
  ...ruleHead,
  system: z.literal('points'),
  /** The unit that caps the points: yards or meters, counted from the start of the roll. */
  unit: z.enum(['yd', 'm']),
  /** The first class that holds for a defect gives its points; a defect without a class gets none. */
  classes: z.array(pointClass).min(1).max(50),
  /** Highest number of points in one unit of length. */
  cap: points,
  /** On a wider roll, the cap grows in proportion to the width, rounded down; null for the same cap at any width. */
  capWidth: ruleLength.nullable().default(null),
  /**
   * A defect longer than `over` along the roll gets its points in each unit of length in which its part exceeds
   * `part`; null for no running defects.
   */
  running: z.strictObject({ over: ruleLength, part: ruleLength }).nullable().default(null),
  /** What the limits hold for: points per 100 square units or per 100 units of length. */
  basis: z.enum(['area', 'length']),
  /** The width in the area: the roll's, or without the edges of `counts.edge`. */
  areaWidth: z.enum(['roll', 'inside-edges']).default('roll'),
  /** Grades from the best: the first whose `upTo` the points do not exceed. */
  grades: z
    .array(z.strictObject({ grade: gradeName, upTo: z.number().min(0), passes: z.boolean().default(true) }))
    .min(1)
    .max(20),
  /** The limits grow by this factor on a roll wider than `over`; null for none. */
  wideRoll: z
    .strictObject({ over: ruleLength, factor: z.number().min(1).max(10) })
    .nullable()
    .default(null),
  /** The grade of a roll above all limits, or that is rejected. */
  otherwise: gradeName,
  rejects: rollRejects.prefault({}),
  /** Proposes to cut out stretches of this length with more points; null for no proposals. */
  cuts: z.strictObject({ stretch: ruleLength, over: points }).nullable().default(null),
});
export type PointsRule = z.infer<typeof pointsRule>;

/** A rule that grades by the share of the area without defects. */
export const usableShareRule = z.strictObject({
  ...ruleHead,
  system: z.literal('usable-share'),
  /** What a defect takes: its pixels, or the rectangle around them with a margin. */
  takes: z.enum(['region', 'box']).default('box'),
  /** Added on all sides of the box. */
  margin: ruleLength.nullable().default(null),
  /** Grades from the best: the first whose `from` the usable percentage reaches. */
  grades: z
    .array(
      z.strictObject({
        grade: gradeName,
        from: z.number().min(0).max(100),
        passes: z.boolean().default(true),
      }),
    )
    .min(1)
    .max(20),
  otherwise: gradeName,
  rejects: z.strictObject({ kinds: kinds.default([]) }).prefault({}),
});
export type UsableShareRule = z.infer<typeof usableShareRule>;

export const gradingRule = z.discriminatedUnion('system', [pointsRule, usableShareRule]);
export type GradingRule = z.infer<typeof gradingRule>;

/** Lengths and positions are in millimeters, along the roll from its start. */
const millimeters = z.number();

/** The points of one defect. */
export const defectPoints = z.object({
  defect: z.string(),
  /** Those that count: the operator's if they were corrected, otherwise those of the rule. */
  points: z.number(),
  /** Those of the rule alone. */
  byRule: z.number(),
  /** Whether the rule counts it. A defect that does not count has no points. */
  counted: z.boolean(),
  /** Whether the operator's points replace the rule's. */
  corrected: z.boolean(),
  /** Why it has these points, as a sentence. */
  why: z.string(),
});
export type DefectPoints = z.infer<typeof defectPoints>;

/** A linear yard or meter of a roll. The last one may be shorter. */
export const rollStretch = z.object({
  from: millimeters,
  to: millimeters,
  /** At most the rule's limit for a stretch. */
  points: z.number(),
  /** Before that limit. */
  uncapped: z.number(),
  defects: z.array(z.string()),
});
export type RollStretch = z.infer<typeof rollStretch>;

/** A part of the roll to cut out, because its points exceed the rule's limit. */
export const cutProposal = z.object({
  from: millimeters,
  to: millimeters,
  points: z.number(),
  why: z.string(),
});
export type CutProposal = z.infer<typeof cutProposal>;

/** The grade of a roll by a rule. */
export const rollGrade = z.object({
  /** Name and title of the rule. */
  rule: z.string(),
  title: z.string(),
  defects: z.array(defectPoints),
  stretches: z.array(rollStretch),
  totalPoints: z.number(),
  /** The figure that the rule limits, and its limit; for example 23.4 points per 100 square yards, limit 40. */
  figure: z.object({ value: z.number(), unit: z.string(), limit: z.number().nullable() }),
  /** `first quality`, `A`; null if the rule has no classes. */
  grade: z.string().nullable(),
  pass: z.boolean(),
  /** Why it has this grade, one sentence each. */
  reasons: z.array(z.string()),
  cuts: z.array(cutProposal),
  /** The grade of the rest of the roll after all cuts; null without cuts. */
  afterCuts: z
    .object({
      length: millimeters,
      points: z.number(),
      value: z.number(),
      grade: z.string().nullable(),
      pass: z.boolean(),
    })
    .nullable(),
});
export type RollGrade = z.infer<typeof rollGrade>;
