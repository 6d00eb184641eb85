import { oc } from '@orpc/contract';
import { z } from 'zod';
import { groundTruth } from './datasets.ts';
import { exportedFile } from './evaluation.ts';
import { decision } from './recipes.ts';
import { line, personName, text } from './text.ts';

export const verdict = z.enum(['accept', 'reject', 'unsure']);
export type Verdict = z.infer<typeof verdict>;

/** An operator's verdict on an image. */
export const imageVerdict = z.object({
  image: z.int(),
  verdict,
  /** Defect type; empty for none. */
  defectType: z.string(),
  note: z.string(),
  at: z.string(),
});
export type ImageVerdict = z.infer<typeof imageVerdict>;

/** A verdict with its session and operator. */
export const signedVerdict = imageVerdict.extend({
  session: z.int(),
  sessionName: z.string(),
  operator: z.string(),
});
export type SignedVerdict = z.infer<typeof signedVerdict>;

/** Sessions of several operators that were created together. */
export const reviewGroup = z.object({
  id: z.int(),
  /** The share of the images that all operators review. The other images are divided among the operators. */
  overlap: z.number().min(0).max(1),
});

/** A session whose disagreements an adjudication settles. */
export const adjudicatedSession = z.object({ id: z.int(), operator: z.string() });

export const session = z.object({
  id: z.int(),
  name: z.string(),
  operator: z.string(),
  dataset: z.int(),
  /** The method whose heatmaps were reviewed; null if there was none. */
  method: z.int().nullable(),
  /** The filter that selected its images, as text. */
  filter: z.string(),
  /** Whether ground truth, name, score, decision and other verdicts of an image are hidden until its verdict. It never changes. */
  blind: z.boolean(),
  /** Whether the heatmap is hidden as well; only in blind sessions. */
  heatmapHidden: z.boolean(),
  /** Null if the session does not belong to a group. */
  group: reviewGroup.nullable(),
  /**
   * The sessions whose disagreements it settles; its verdicts are gold verdicts. Null for an ordinary
   * session.
   */
  adjudicates: z.object({ first: adjudicatedSession, second: adjudicatedSession }).nullable(),
  createdAt: z.string(),
  endedAt: z.string().nullable(),
  total: z.int(),
  reviewed: z.int(),
});
export type Session = z.infer<typeof session>;

/** Cohen's kappa. */
export const kappa = z.object({
  value: z.number(),
  /** 95 % interval; null if it cannot be estimated, for example with perfect agreement. */
  interval: z.object({ low: z.number(), high: z.number() }).nullable(),
});
export type Kappa = z.infer<typeof kappa>;

const byDecision = z.enum([...decision.options, 'none']);

/** Counts of images by verdict, compared with ground truth, scores and decisions. */
export const summary = z.object({
  session,
  verdicts: z.record(verdict, z.int()),
  /** verdict -> ground truth -> images */
  byGroundTruth: z.record(verdict, z.record(groundTruth, z.int())),
  /** verdict -> whether the image's score reaches its class's threshold -> images */
  byScore: z.record(verdict, z.record(z.enum(['above', 'below', 'unknown']), z.int())),
  /**
   * verdict -> decision of the class's recipe -> images; null if no recipe decides an image of the session
   */
  byDecision: z.record(verdict, z.record(byDecision, z.int())).nullable(),
  /** Kappa of reject/accept against ground truth and score, without unsure verdicts; null if undefined. */
  kappaGroundTruth: kappa.nullable(),
  kappaScore: kappa.nullable(),
  /** Kappa of reject/accept against reject/pass, without unsure verdicts and without images in review. */
  kappaDecision: kappa.nullable(),
  /** Images of a blind session whose verdict was changed when they were no longer hidden. */
  changedAfterReveal: z.int(),
  defectTypes: z.array(z.object({ defectType: z.string(), images: z.int() })),
  /** Median time between verdicts, which is robust to breaks. */
  secondsPerImage: z.number().nullable(),
});
export type Summary = z.infer<typeof summary>;

/** Two verdicts on the same image. */
export const verdictPair = z.object({ image: z.int(), first: imageVerdict, second: imageVerdict });
export type VerdictPair = z.infer<typeof verdictPair>;

export const agreement = z.object({
  /** Number of images that both operators reviewed. */
  both: z.int(),
  /** Kappa over accept, reject and unsure; null if undefined. */
  kappa: kappa.nullable(),
  observed: z.number().nullable(),
  /** first's verdict -> second's verdict -> images */
  table: z.record(verdict, z.record(verdict, z.int())),
  disagreements: z.array(verdictPair),
});
export type Agreement = z.infer<typeof agreement>;

/** The gold verdict of an image that two operators reviewed. */
export const goldVerdict = z.object({
  image: z.int(),
  first: verdict,
  second: verdict,
  /** Null until it is adjudicated. */
  gold: verdict.nullable(),
  /** Whether both operators agree, or the adjudicator decided. */
  source: z.enum(['agreed', 'adjudicated', 'open']),
  defectType: z.string(),
  note: z.string(),
  groundTruth,
});
export type GoldVerdict = z.infer<typeof goldVerdict>;

/** The effect of gold verdicts on the ground truth. Each list contains image ids. */
export const adoption = z.object({
  /** Accepted images that became normal. */
  adopted: z.array(z.int()),
  /** Images whose ground truth already agreed: normal and accepted, or masked and rejected. */
  unchanged: z.array(z.int()),
  /** Rejected images without a mask. Their ground truth cannot change until someone draws the mask. */
  needsMask: z.array(z.int()),
  /** Accepted images with a mask, which are adopted only with `overwrite`. */
  contradicted: z.array(z.int()),
  /** Images whose gold verdict is unsure or open. */
  undecided: z.array(z.int()),
});
export type Adoption = z.infer<typeof adoption>;

const id = z.object({ session: z.int() });
const blinding = { blind: z.boolean().default(false), heatmapHidden: z.boolean().default(false) };
const newSession = z.object({
  dataset: z.int(),
  name: line(100).optional(),
  method: z.int().nullable(),
  filter: line(500).default(''),
  /**
   * The images to review, in order. A blind session shuffles the images of each class, because folder order
   * would reveal the defect type.
   */
  images: z.array(z.int()).min(1).max(100_000),
  ...blinding,
});

export const sessions = {
  list: oc.input(z.object({ dataset: z.int().optional() })).output(z.object({ sessions: z.array(session) })),
  create: oc.input(newSession.extend({ operator: personName })).output(session),
  /**
   * Creates a session for each operator. All operators review a share of the images; each of the other images
   * has one reviewer.
   */
  createGroup: oc
    .input(
      newSession.extend({
        operators: z.array(personName).min(2).max(20),
        overlap: z.number().min(0).max(1).default(1),
      }),
    )
    .output(z.object({ sessions: z.array(session) })),
  /**
   * Creates a session over the images on which two sessions of a dataset disagree. Its operator sees both
   * verdicts. Fails with `CONFLICT` if they do not disagree.
   */
  adjudicate: oc
    .input(z.object({ first: z.int(), second: z.int(), operator: personName, name: line(100).optional() }))
    .output(session),
  get: oc.input(id).output(
    z.object({
      session,
      images: z.array(z.int()),
      verdicts: z.array(imageVerdict),
      /** The verdicts that an adjudication settles; empty for other sessions. */
      pairs: z.array(verdictPair),
    }),
  ),
  /** The verdict is on disk when the call returns. */
  setVerdict: oc
    .input(
      id.extend({
        image: z.int(),
        verdict,
        defectType: line(100).default(''),
        note: text(2000).default(''),
      }),
    )
    .output(z.object({ session, imageVerdict })),
  /** Revokes the latest verdict. Returns its image and the verdict that is now current. */
  undo: oc
    .input(id)
    .output(z.object({ session, image: z.int().nullable(), imageVerdict: imageVerdict.nullable() })),
  finish: oc.input(id).output(session),
  /** Reopens a finished session. */
  reopen: oc.input(id).output(session),
  /** Fails with `CONFLICT` while an adjudication refers to it. */
  remove: oc.input(id).output(z.void()),
  summary: oc.input(id).output(summary),
  agreement: oc.input(z.object({ first: z.int(), second: z.int() })).output(agreement),
  /** If a blind session is not finished, the rows of images without a verdict contain only their position. */
  export: oc.input(id.extend({ format: z.enum(['csv', 'json']) })).output(exportedFile),
  /** The gold verdicts of an adjudication, for all images that both operators reviewed. */
  gold: oc.input(id).output(z.object({ verdicts: z.array(goldVerdict) })),
  exportGold: oc.input(id.extend({ format: z.enum(['csv', 'json']) })).output(exportedFile),
  /** Adds revisions to the ground truth: images with the gold verdict accept become normal. `preview` changes nothing. */
  adoptGold: oc
    .input(
      id.extend({
        author: personName,
        overwrite: z.boolean().default(false),
        preview: z.boolean().default(false),
      }),
    )
    .output(adoption),
  /** Each image's latest verdict over all sessions. */
  verdicts: oc.input(z.object({ dataset: z.int() })).output(z.object({ verdicts: z.array(signedVerdict) })),
};
