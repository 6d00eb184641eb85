import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { exportedFile } from './evaluation.ts';
import { inspectionRegion } from './regions.ts';
import { scaleChoice } from './scale.ts';
import { anyMethod } from './schemas.ts';
import { line, personName, text } from './text.ts';

/**
 * The smallest defect that counts: a region needs at least `minArea` and a bounding box whose diagonal is at least `minLength`.
 * Areas are in positions of the map, square pixels of the image, or square millimeters; lengths accordingly. 0 sets no limit.
 */
export const sizeLimits = z.strictObject({
  unit: z.enum(['positions', 'px', 'mm']),
  minArea: z.number().min(0).max(1e9),
  minLength: z.number().min(0).max(1e6),
});
export type SizeLimits = z.infer<typeof sizeLimits>;

/** About 12 x 12 pixels for the default method. */
export const DEFAULT_SIZE_LIMITS: SizeLimits = { unit: 'positions', minArea: 9, minLength: 0 };

/**
 * Number of map positions at each side of the image that do not count. Half of the patch at an outermost
 * position is reflected, so its score is less reliable.
 */
export const edgeMargin = z.int().min(0).max(100);
export const DEFAULT_EDGE_MARGIN = 1;

/** T1 and T2: an image passes below `review`, is rejected at or above `reject`, and is reviewed in between. */
export const decisionThresholds = z
  .strictObject({ review: z.number(), reject: z.number() })
  .refine(
    ({ review, reject }) => review <= reject,
    'The review threshold must not exceed the reject threshold.',
  );
export type DecisionThresholds = z.infer<typeof decisionThresholds>;

/**
 * Limits on the regions at or above the review threshold that satisfy the size limits. An image that exceeds one is rejected. The
 * total area is in the unit of the size limits. Null sets no limit.
 */
export const regionLimits = z.strictObject({
  maxCount: z.int().min(0).nullable(),
  maxTotalArea: z.number().min(0).nullable(),
});
export type RegionLimits = z.infer<typeof regionLimits>;

/** How thresholds are derived from image scores. Rates and costs are fractions of 1. */
export const calibrationRule = z.discriminatedUnion('type', [
  /** At most this rate of false rejects, by the conformal limit of the good images; 0 takes the highest good score. */
  z.strictObject({ type: z.literal('false-rejects'), rate: z.number().min(0).max(1) }),
  /** No defective image passes. */
  z.strictObject({ type: z.literal('no-escape') }),
  /** T1 lets no known defective image pass, T2 rejects no known good image, and at most this rate is reviewed. */
  z.strictObject({ type: z.literal('review'), rate: z.number().min(0).max(1) }),
  /** The least expected cost per image. */
  z.strictObject({
    type: z.literal('cost'),
    escape: z.number().min(0),
    falseReject: z.number().min(0),
    review: z.number().min(0),
    defectRate: z.number().min(0).max(1),
  }),
  /** Set by the user. */
  z.strictObject({ type: z.literal('manual') }),
]);
export type CalibrationRule = z.infer<typeof calibrationRule>;

/** Which good images calibrate: the training images, the test images, or both. */
export const calibrationSource = z.enum(['train', 'test', 'all']);
export type CalibrationSource = z.infer<typeof calibrationSource>;

/** The origin of a revision's thresholds. */
export const calibrationRecord = z.strictObject({
  rule: calibrationRule,
  source: calibrationSource,
  /** Numbers of images by label. */
  good: z.int().min(0),
  defective: z.int().min(0),
  /** Upper limit of the false reject rate that the good images guarantee for exchangeable images; null if none. */
  guaranteedFalseRejects: z.number().nullable(),
  /** The good images' scores, whose range later images are compared with. */
  goodScores: z.strictObject({ min: z.number(), median: z.number(), max: z.number() }).nullable(),
  /** SHA-256 of the list of file hashes, labels and scores. */
  imagesSha256: z.string(),
  /** SHA-256 of the normal images that the method compared with; absent if it compares with none. */
  normalSha256: z.string().optional(),
});
export type CalibrationRecord = z.infer<typeof calibrationRecord>;

/** The definition that an inspection line loads. */
export const recipeDefinition = z.strictObject({
  /** Names of the texture classes that it decides. */
  classes: z.array(line(200).min(1)).min(1).max(1000),
  method: anyMethod,
  /** SHA-256 of the imported model that the method uses; null if it uses none. */
  modelSha256: z.string().nullable(),
  /** Null for the whole image. */
  region: inspectionRegion.nullable(),
  sizeLimits,
  edgeMargin,
  /** Null if not calibrated. Images then have a score and no decision. */
  thresholds: decisionThresholds.nullable(),
  regionLimits,
  /** Scale, as one number if both directions have the same; null if unknown. */
  mmPerPixel: scaleChoice.nullable(),
  /** Scores at the two ends of the heatmap's colormap; null for the class's range. */
  displayRange: z.strictObject({ low: z.number(), high: z.number() }).nullable(),
  calibration: calibrationRecord.nullable(),
});
export type RecipeDefinition = z.infer<typeof recipeDefinition>;

/** The fields of a definition that change. */
export const recipeDraft = recipeDefinition.partial();
export type RecipeDraft = z.infer<typeof recipeDraft>;

/** A revision of a recipe. Revisions never change. */
export const recipeRevision = z.strictObject({
  /** From 1. */
  revision: z.int().min(1),
  author: z.string(),
  at: z.string(),
  reason: z.string(),
  /** Differences from the previous revision, one line per field: `thresholds.reject: 0.0188 -> 0.0215`. */
  changes: z.array(z.string()),
  definition: recipeDefinition,
  /** SHA-256 of the canonical JSON of the definition. */
  sha256: z.string(),
});
export type RecipeRevision = z.infer<typeof recipeRevision>;

/** Who locked a recipe, and when. A locked recipe accepts no revisions. */
export const recipeLock = z.strictObject({ by: z.string(), at: z.string() });

/** A recipe with its latest revision. */
export const recipe = z.object({
  id: z.int(),
  name: z.string(),
  locked: recipeLock.nullable(),
  latest: recipeRevision,
  /** The classes that it decides in this store. */
  uses: z.array(z.object({ dataset: z.int(), textureClass: z.string() })),
});
export type Recipe = z.infer<typeof recipe>;

/** A recipe file, with all revisions. `sha256` is the hash of the canonical JSON of all other fields. */
export const recipeFile = z.strictObject({
  format: z.literal('perch-recipe'),
  version: z.literal(1),
  name: line(100).min(1),
  locked: recipeLock.nullable(),
  revisions: z.array(recipeRevision).min(1),
  sha256: z.string(),
});
export type RecipeFile = z.infer<typeof recipeFile>;

export const decision = z.enum(['pass', 'review', 'reject']);
export type Decision = z.infer<typeof decision>;

/** Why an image has its decision. Areas are in the unit of the recipe's size limits. */
export const decisionReason = z.discriminatedUnion('type', [
  /** No region of the required size reaches the review threshold. */
  z.object({ type: z.literal('below'), limit: z.number() }),
  /** A region of the required size reaches the review or reject threshold. */
  z.object({ type: z.literal('score'), limit: z.number() }),
  z.object({ type: z.literal('count'), count: z.int(), limit: z.int() }),
  z.object({ type: z.literal('area'), area: z.number(), limit: z.number() }),
  z.object({ type: z.literal('not-calibrated') }),
  /** The image has no score: no region can be as large as the size limits require. */
  z.object({ type: z.literal('no-score') }),
  /** The map's file is missing or damaged; the message names it. */
  z.object({ type: z.literal('unreadable-map'), message: z.string() }),
  /** The class has other normal images than the thresholds were calibrated with. */
  z.object({ type: z.literal('other-normal-images') }),
]);
export type DecisionReason = z.infer<typeof decisionReason>;

/** The decision of a recipe on an image. */
export const imageDecision = z.object({
  image: z.int(),
  /** The result whose map was used, and its asset name. */
  result: z.int(),
  map: z.string(),
  recipe: z.int(),
  revision: z.int(),
  /** Score by area opening, not the maximum of the map. Null if no region can have the required size. */
  score: z.number().nullable(),
  /** Null if the recipe is not calibrated, or not with the class's normal images, the image has no score, or its map cannot be read. */
  decision: decision.nullable(),
  reason: decisionReason,
});
export type ImageDecision = z.infer<typeof imageDecision>;

/** The label of an image for calibration. */
export const calibrationLabel = z.enum(['good', 'defective', 'unknown']);
export type CalibrationLabel = z.infer<typeof calibrationLabel>;
/** The source of a label, in order of precedence. */
export const labelSource = z.enum(['ground-truth', 'marked', 'verdict', 'training', 'none']);

export const scoredImage = z.object({
  image: z.int(),
  result: z.int(),
  score: z.number().nullable(),
  /**
   * Regions of the required size at or above the review threshold, their area in the unit of the size limits; absent unless the
   * recipe limits them.
   */
  regions: z.object({ count: z.int(), area: z.number() }).optional(),
  label: calibrationLabel,
  labelSource,
  split: z.enum(['train', 'test']),
  /** When the image was inspected, for control charts. */
  inspectedAt: z.string(),
});
export type ScoredImage = z.infer<typeof scoredImage>;

export const scoreEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), done: z.int(), total: z.int() }),
  z.object({
    type: z.literal('scores'),
    images: z.array(scoredImage),
    /** Images of the class, training images included, that the method has not inspected yet. */
    missing: z.array(z.int()),
    /** Whether the saved thresholds were calibrated with other normal images than the class has. */
    otherNormalImages: z.boolean(),
  }),
]);
export type ScoreEvent = z.infer<typeof scoreEvent>;

/** A rate with its 95 % interval, as fractions of 1. */
export const rate = z.object({ count: z.number(), of: z.number(), low: z.number(), high: z.number() });
export type Rate = z.infer<typeof rate>;

/** The mean over repeated random splits, with the 2.5 % and 97.5 % quantiles. */
export const splitRate = z.object({ mean: z.number(), low: z.number(), high: z.number() });

export const validation = z.object({
  splits: z.int(),
  /** Good images that calibrate in each split; the others are decided. */
  calibrating: z.int(),
  /** False reject rate that this number of good images guarantees; null if the rule guarantees none. */
  guaranteedFalseRejects: z.number().nullable(),
  /** Null if no images remain to decide. */
  falseRejects: splitRate.nullable(),
  escapes: splitRate.nullable(),
  review: splitRate.nullable(),
});
export type Validation = z.infer<typeof validation>;

export const calibrateEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), done: z.int(), total: z.int() }),
  z.object({ type: z.literal('calibrated'), recipe }),
]);
export type CalibrateEvent = z.infer<typeof calibrateEvent>;

export const validateEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), done: z.int(), total: z.int() }),
  z.object({ type: z.literal('validated'), validation }),
]);
export type ValidateEvent = z.infer<typeof validateEvent>;

/** A class's image scores over time against the range of its good images. */
export const drift = z.object({
  textureClass: z.string(),
  recipe: z.int(),
  revision: z.int(),
  /** Median and control limits of the good images. */
  center: z.number(),
  low: z.number(),
  high: z.number(),
  /** In order of inspection. */
  points: z.array(
    z.object({ image: z.int(), at: z.string(), score: z.number(), decision: decision.nullable() }),
  ),
  /**
   * Why the class is out of control, one sentence each, with the images that show it. Empty if the class is
   * in control.
   */
  alarms: z.array(z.object({ message: z.string(), images: z.array(z.int()) })),
});
export type Drift = z.infer<typeof drift>;

const id = z.object({ recipe: z.int() });
const name = line(100).min(1);
const signed = z.object({ author: personName, reason: text(2000).default('') });

export const recipes = {
  list: oc.output(z.object({ recipes: z.array(recipe) })),
  get: oc.input(id).output(z.object({ recipe, revisions: z.array(recipeRevision) })),
  /**
   * Creates a recipe for classes of a dataset and makes it decide them. Uses the default method if none is
   * given.
   */
  create: oc
    .input(
      signed.extend({
        name,
        dataset: z.int(),
        classes: z.array(z.string()).min(1),
        method: anyMethod.optional(),
        sizeLimits: sizeLimits.optional(),
        edgeMargin: edgeMargin.optional(),
        /** Defaults to the scale of the classes. */
        mmPerPixel: scaleChoice.optional(),
      }),
    )
    .output(recipe),
  /**
   * Adds a revision unless nothing changes. A new method, region, size limit or edge margin, or a new scale for limits in
   * mm, invalidates existing thresholds, which are cleared unless new ones are given. Thresholds become
   * float32 values. Fails with `CONFLICT` if the recipe is locked or `base` is not its latest revision.
   */
  revise: oc.input(signed.extend({ recipe: z.int(), base: z.int(), definition: recipeDraft })).output(recipe),
  /** Fails with `CONFLICT` if it is locked. */
  rename: oc.input(id.extend({ name })).output(recipe),
  lock: oc.input(id.extend({ author: personName })).output(recipe),
  /** Adds a revision that says who unlocked it and why. */
  unlock: oc.input(id.extend(signed.shape)).output(recipe),
  /** Makes a recipe, or no recipe (null), decide a class. The class adopts its inspection region. */
  assign: oc
    .input(z.object({ dataset: z.int(), textureClass: z.string(), recipe: z.int().nullable() }))
    .output(z.void()),
  /** Fails with `CONFLICT` while it is locked or decides a class. */
  remove: oc.input(id).output(z.void()),
  export: oc.input(id).output(exportedFile),
  /** Adds the recipe from a file, under another name if its name is taken. Fails with `INVALID_RECIPE`. */
  import: oc.input(z.object({ content: z.string().max(50_000_000), fileName: z.string() })).output(recipe),
  /**
   * The image scores of a class by a recipe's latest revision, or by a draft of the next one: training and test images with a
   * result. Yields progress while maps are scored for the first time.
   */
  scores: oc
    .input(
      id.extend({
        dataset: z.int(),
        textureClass: z.string(),
        draft: recipeDraft.optional(),
      }),
    )
    .output(eventIterator(scoreEvent)),
  /**
   * Inspects images of the class that have no result, derives thresholds from the labeled ones, and adds a
   * revision.
   */
  calibrate: oc
    .input(
      signed.extend({
        recipe: z.int(),
        dataset: z.int(),
        textureClass: z.string(),
        rule: calibrationRule,
        source: calibrationSource,
      }),
    )
    .output(eventIterator(calibrateEvent)),
  /** Calibrates on random parts of the good images and decides the others, to estimate the rates on new images. */
  validate: oc
    .input(
      id.extend({
        dataset: z.int(),
        textureClass: z.string(),
        splits: z.int().min(1).max(10_000).default(200),
        /** Number of good images that calibrate in each split; half of them by default. */
        calibrating: z.int().min(1).optional(),
        rule: calibrationRule.optional(),
        seed: z.int().min(0).default(0),
      }),
    )
    .output(eventIterator(validateEvent)),
  /** The current decisions on a dataset's images, by the recipes of its classes. */
  decisions: oc.input(z.object({ dataset: z.int() })).output(z.object({ decisions: z.array(imageDecision) })),
  /** Marks an image as good for calibration, or removes the mark. */
  markGood: oc.input(z.object({ image: z.int(), good: z.boolean(), author: personName })).output(z.void()),
  /** The images of a dataset that are marked as good. */
  marks: oc
    .input(z.object({ dataset: z.int() }))
    .output(z.object({ images: z.array(z.object({ image: z.int(), author: z.string(), at: z.string() })) })),
  /** Control charts of the calibrated classes of a dataset. */
  drift: oc.input(z.object({ dataset: z.int() })).output(z.object({ classes: z.array(drift) })),
};
