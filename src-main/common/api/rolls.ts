import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { exportedFile } from './evaluation.ts';
import { problem } from './datasets.ts';
import { gradingRule, rollGrade } from './grading.ts';
import { run } from './runs.ts';
import { scale, unitSystem } from './scale.ts';
import { anyMethod, providerChoice } from './schemas.ts';
import { verdict } from './sessions.ts';
import { line, personName, text } from './text.ts';

/** Direction of a roll's length in its image. */
export const rollDirection = z.enum(['down', 'right']);
export type RollDirection = z.infer<typeof rollDirection>;

/**
 * A roll is an image of a dataset, with what only rolls have: a strip of material whose length is the direction of travel (`along`)
 * and whose width is the other (`across`).
 */
export const roll = z.object({
  image: z.int(),
  dataset: z.int(),
  textureClass: z.string(),
  name: z.string(),
  article: z.string(),
  lot: z.string(),
  direction: rollDirection,
  widthPixels: z.int(),
  lengthPixels: z.int(),
  /** Null if it is unknown. The roll then has no grade. */
  scale: scale.nullable(),
  /** 1 for a roll that is one file. */
  frames: z.int(),
  createdAt: z.string(),
  /** When it was last inspected; null if it was not. */
  inspectedAt: z.string().nullable(),
});
export type Roll = z.infer<typeof roll>;

/** A file of a roll, at its place. */
export const rollFrame = z.object({
  name: z.string(),
  /** Pixels along the roll at which it starts, and its length. */
  offset: z.int(),
  length: z.int(),
  sha256: z.string(),
});
export type RollFrame = z.infer<typeof rollFrame>;

/** Where a region lies on a roll: its center from the roll's start and from its left or upper edge, its extent and its area. */
export const rollPlace = z.object({
  along: z.number(),
  across: z.number(),
  length: z.number(),
  width: z.number(),
  area: z.number(),
});
export type RollPlace = z.infer<typeof rollPlace>;

/** A person's assessment of a defect. Assessments are added, never changed, and the latest one holds. */
export const assessment = z.object({
  /** Null if only the points were corrected. */
  verdict: verdict.nullable(),
  /** Kind of the defect, such as `hole`; empty for none. */
  kind: z.string(),
  /** Corrected points; null for those of the rule. */
  points: z.number().nullable(),
  reason: z.string(),
  operator: z.string(),
  at: z.string(),
});
export type Assessment = z.infer<typeof assessment>;

/** A region of a roll's map at or above the threshold. */
export const rollDefect = z.object({
  /** `x,y` of its highest score, in pixels of the image. */
  id: z.string(),
  /** In pixels of the image. */
  box: z.object({ left: z.number(), top: z.number(), width: z.number(), height: z.number() }),
  px: rollPlace,
  /** Null if the roll has no scale. */
  mm: rollPlace.nullable(),
  /** Its highest score. */
  score: z.number(),
  assessment: assessment.nullable(),
  /** Id of the repeating defect that it belongs to; null if it does not repeat. */
  repeat: z.int().nullable(),
  /** 0 if the roll has no grade. */
  points: z.number(),
  /** Points of the rule, before a person's correction. */
  pointsByRule: z.number(),
  counted: z.boolean(),
  /** Why it has these points or does not count, as a sentence. */
  why: z.string(),
});
export type RollDefect = z.infer<typeof rollDefect>;

/** Defects that come back at a constant pitch in the same lane, as those of a damaged roller do. */
export const rollRepeat = z.object({
  id: z.int(),
  unit: z.enum(['mm', 'px']),
  pitch: z.number(),
  /** Position across of their lane. */
  across: z.number(),
  count: z.int(),
  /** Occurrences that are expected between the first and the last but were not found. */
  missing: z.int(),
  /** Positions along of the first and the last. */
  from: z.number(),
  to: z.number(),
  /** Root mean square distance of the defects from their places at the constant pitch. */
  jitter: z.number(),
  /** Expected number of repeats as convincing as this one among as many defects at random places. */
  falseAlarms: z.number(),
  /** In order along the roll. */
  defects: z.array(z.string()),
});
export type RollRepeat = z.infer<typeof rollRepeat>;

/**
 * Where the threshold of a roll's regions comes from. `recipe` is the review threshold of the recipe, so that a person sees every
 * region that must be reviewed; `class` is the display threshold that a person set for the class.
 */
export const rollThresholdSource = z.enum(['given', 'recipe', 'class', 'suggested']);

/** A grading rule that can be chosen: one that Perch comes with, or one that was added from a file. */
export const ruleChoice = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  /** Where an added rule came from; null for one that Perch comes with. */
  added: z.object({ file: z.string(), at: z.string() }).nullable(),
});
export type RuleChoice = z.infer<typeof ruleChoice>;

/** The rule that graded a roll. A `given` one is in no list. */
export const usedRule = ruleChoice.extend({ source: z.enum(['shipped', 'added', 'given']) });

/** A roll's defects by one of its results. */
export const rollDefects = z.object({
  roll,
  result: z.int(),
  /** Asset name of the map. */
  map: z.string(),
  method: z.int(),
  methodLabel: z.string(),
  inspectedAt: z.string(),
  threshold: z.object({ score: z.number(), source: rollThresholdSource }),
  /** The recipe that decides the class; null if there is none. */
  recipe: z.object({ id: z.int(), name: z.string(), revision: z.int() }).nullable(),
  /** In order along the roll. */
  defects: z.array(rollDefect),
  /** Regions that are smaller than the recipe's size limits, which are not defects. */
  smaller: z.int(),
  repeats: z.array(rollRepeat),
  grade: rollGrade.nullable(),
  rule: usedRule,
  /** What the result depends on that a person should know, one sentence each: why there is no grade, a guess. */
  notes: z.array(z.string()),
});
export type RollDefects = z.infer<typeof rollDefects>;

export const rollImportEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), done: z.int(), total: z.int() }),
  z.object({ type: z.literal('imported'), roll, problems: z.array(problem) }),
]);
export type RollImportEvent = z.infer<typeof rollImportEvent>;

const id = z.object({ image: z.int() });
/** Which result, threshold and rule a roll is graded by. */
const grading = id.extend({
  /** Defaults to the method of the recipe that decides the class, or else to the latest result. */
  method: z.int().optional(),
  /** Defaults to the recipe's review threshold, or else to the class's display threshold. */
  threshold: z.number().optional(),
  /** A rule, or the name of one. */
  rule: z.union([z.string(), gradingRule]).default('four-point'),
});

export const rolls = {
  list: oc.input(z.object({ dataset: z.int().optional() })).output(z.object({ rolls: z.array(roll) })),
  get: oc.input(id).output(z.object({ roll, frames: z.array(rollFrame) })),
  /**
   * Imports a file or a folder of consecutive frames as one roll, or declares an image of a dataset a roll. A path that is
   * already a roll is updated. Aborting discards everything.
   */
  import: oc
    .input(
      z.object({
        source: z.union([z.object({ path: z.string().min(1) }), id]),
        /** Defaults to the name of the roll's folder. */
        textureClass: line(200).min(1).optional(),
        article: line(200).optional(),
        lot: line(200).optional(),
        /** Defaults to the image's longer side; `down` for frames. */
        direction: rollDirection.optional(),
        scale: scale.optional(),
      }),
    )
    .output(eventIterator(rollImportEvent)),
  update: oc
    .input(
      id.extend({
        article: line(200).optional(),
        lot: line(200).optional(),
        direction: rollDirection.optional(),
        scale: scale.nullable().optional(),
      }),
    )
    .output(roll),
  /** The image is an ordinary image from then on. Its assessments are removed. */
  remove: oc.input(id).output(z.void()),
  /** Starts a run on the roll, by the given method, that of its recipe, or the default one. */
  inspect: oc
    .input(id.extend({ method: anyMethod.optional(), provider: providerChoice.default('auto') }))
    .output(run),
  /** Fails with `NOT_FOUND` if the roll was not inspected. */
  defects: oc.input(grading).output(rollDefects),
  /** Adds an assessment of the defect whose peak is `defect`. What is left out stays as it was assessed before. */
  assess: oc
    .input(
      id.extend({
        defect: z.string().regex(/^\d+,\d+$/),
        verdict: verdict.nullable().optional(),
        kind: line(100).optional(),
        /** Needs a reason. */
        points: z.int().min(0).max(100).nullable().optional(),
        reason: text(2000).default(''),
        operator: personName,
      }),
    )
    .output(assessment),
  /** All assessments of a roll, oldest first. */
  assessments: oc
    .input(id)
    .output(z.object({ assessments: z.array(assessment.extend({ defect: z.string() })) })),
  /** Those that Perch comes with, then added ones by name. */
  rules: oc.output(z.object({ rules: z.array(ruleChoice) })),
  /** Adds the rule of a JSON file, or replaces an added one of the same name. Fails with `INVALID_RULE` or `CONFLICT`. */
  addRule: oc
    .input(z.object({ file: line(1000).min(1), json: z.string().max(1_000_000) }))
    .output(ruleChoice),
  /** Removes an added rule. Fails with `UNKNOWN_NAME`. */
  removeRule: oc.input(z.object({ name: z.string() })).output(z.void()),
  /** The defect map as SVG. */
  map: oc.input(grading.extend({ units: unitSystem.optional() })).output(exportedFile),
  /** One page to print. `content` is base64 for a PDF, which only the desktop makes. */
  certificate: oc
    .input(
      grading.extend({
        format: z.enum(['html', 'pdf']),
        /** Defaults to that of the settings. */
        operator: line(100).optional(),
        units: unitSystem.optional(),
      }),
    )
    .output(exportedFile),
};
