import { z } from 'zod';

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
});
export type RollGrade = z.infer<typeof rollGrade>;
