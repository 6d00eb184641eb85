import { oc } from '@orpc/contract';
import { z } from 'zod';
import { exportedFile } from './evaluation.ts';
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

export const session = z.object({
  id: z.int(),
  name: z.string(),
  operator: z.string(),
  dataset: z.int(),
  /** The method whose heatmaps were reviewed; null if there was none. */
  method: z.int().nullable(),
  /** The filter that selected its images, as text. */
  filter: z.string(),
  createdAt: z.string(),
  endedAt: z.string().nullable(),
  total: z.int(),
  reviewed: z.int(),
});
export type Session = z.infer<typeof session>;

/** Counts of images by verdict, compared with ground truth and scores. */
export const summary = z.object({
  session,
  verdicts: z.record(verdict, z.int()),
  /** verdict -> ground truth -> images */
  byGroundTruth: z.record(verdict, z.record(z.enum(['unknown', 'normal', 'masked']), z.int())),
  /** verdict -> whether the image's score reaches its class's threshold -> images */
  byScore: z.record(verdict, z.record(z.enum(['above', 'below', 'unknown']), z.int())),
  /** Cohen's kappa of reject/accept against ground truth and against score, without unsure verdicts; null if undefined. */
  kappaGroundTruth: z.number().nullable(),
  kappaScore: z.number().nullable(),
  defectTypes: z.array(z.object({ defectType: z.string(), images: z.int() })),
  /** Median time between verdicts, which is robust to breaks. */
  secondsPerImage: z.number().nullable(),
});
export type Summary = z.infer<typeof summary>;

export const agreement = z.object({
  /** Number of images that both operators reviewed. */
  both: z.int(),
  /** Cohen's kappa over accept, reject and unsure; null if undefined. */
  kappa: z.number().nullable(),
  observed: z.number().nullable(),
  /** first's verdict -> second's verdict -> images */
  table: z.record(verdict, z.record(verdict, z.int())),
  disagreements: z.array(z.object({ image: z.int(), first: imageVerdict, second: imageVerdict })),
});
export type Agreement = z.infer<typeof agreement>;

const id = z.object({ session: z.int() });

export const sessions = {
  list: oc.input(z.object({ dataset: z.int().optional() })).output(z.object({ sessions: z.array(session) })),
  create: oc
    .input(
      z.object({
        dataset: z.int(),
        operator: personName,
        name: line(100).optional(),
        method: z.int().nullable(),
        filter: line(500).default(''),
        /** The images to review, in order. */
        images: z.array(z.int()).min(1).max(100_000),
      }),
    )
    .output(session),
  get: oc.input(id).output(z.object({ session, images: z.array(z.int()), verdicts: z.array(imageVerdict) })),
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
  remove: oc.input(id).output(z.void()),
  summary: oc.input(id).output(summary),
  agreement: oc.input(z.object({ first: z.int(), second: z.int() })).output(agreement),
  export: oc.input(id.extend({ format: z.enum(['csv', 'json']) })).output(exportedFile),
  /** Each image's latest verdict over all sessions. */
  verdicts: oc.input(z.object({ dataset: z.int() })).output(z.object({ verdicts: z.array(signedVerdict) })),
};
