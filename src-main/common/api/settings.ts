import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { errorHint } from './error-hints.ts';
import { provider, providerChoice } from './schemas.ts';
import { line } from './text.ts';

export const settings = z.object({
  /** Name that sessions and annotations are signed with; empty until it was given. */
  operator: z.string().max(100),
  theme: z.enum(['dark', 'light', 'system']),
  provider: providerChoice,
  /** Whether a verdict brings up the next image without one. */
  autoAdvance: z.boolean(),
  /** Whether a review hides ground truth, kinds and earlier verdicts of an image until it has a verdict. */
  blindReview: z.boolean(),
});
export type Settings = z.infer<typeof settings>;

/** A threshold that a person has set for a class by a method. */
export const threshold = z.object({ textureClass: z.string(), score: z.number() });
export type Threshold = z.infer<typeof threshold>;

/** A backbone that Perch knows or that was added. */
export const model = z.object({
  name: z.string(),
  title: z.string(),
  imported: z.boolean(),
  /** Facts in words, of an added one: channels, stride, precision, size. */
  description: z.string(),
  license: z.string(),
  source: z.string(),
  sha256: z.string(),
  bytes: z.number(),
  /** What is wrong with it and what to do, where something is. */
  problem: z.string().optional(),
  /** What can be done about it; the host that shows it words it. */
  hint: errorHint.optional(),
  /** Whether `fetch` can download it. */
  downloadable: z.boolean(),
});
export type Model = z.infer<typeof model>;

export const modelEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), what: z.string(), done: z.number(), total: z.number() }),
  z.object({ type: z.literal('imported'), model }),
]);
export type ModelEvent = z.infer<typeof modelEvent>;

export const storage = z.object({
  dataDirectory: z.string(),
  databaseBytes: z.number(),
  blobs: z.int(),
  blobBytes: z.number(),
  /** Copies of the database, which a damaged one comes back from. */
  backups: z.int(),
  backupBytes: z.number(),
  /** What `tidy` would remove, or will once it is an hour old. */
  unreferenced: z.int(),
  unreferencedBytes: z.number(),
});
export type Storage = z.infer<typeof storage>;

/** One thing that `perch doctor` looked at. */
export const diagnostic = z.object({
  topic: z.string(),
  /** What was found, in a few words. */
  found: z.string(),
  /** What is wrong and what to do about it; absent where all is well. */
  problem: z.string().optional(),
  /** What can be done about it; the host that shows it words it. */
  hint: errorHint.optional(),
  /** Perch works without it: a GPU that is not there is no fault. */
  optional: z.boolean().optional(),
});
export type Diagnostic = z.infer<typeof diagnostic>;

const of = z.object({ dataset: z.int(), method: z.int() });
const triple = z.tuple([z.number(), z.number(), z.number()]);

export const settingsProcedures = {
  get: oc.output(settings),
  /** Changes what is given, keeps the rest. */
  change: oc.input(settings.partial().extend({ operator: line(100).optional() })).output(settings),
  thresholds: oc.input(of).output(z.object({ thresholds: z.array(threshold) })),
  /** A null score takes the person's threshold back: the proposal holds again. */
  setThreshold: oc
    .input(of.extend({ textureClass: z.string(), score: z.number().nullable() }))
    .output(z.void()),
};

export const models = {
  list: oc.output(z.object({ models: z.array(model) })),
  download: oc.input(z.object({ name: z.string() })).output(eventIterator(modelEvent)),
  /** Adds from a file of the host's machine: a checkpoint of a known network, or any ONNX graph. */
  import: oc
    .input(
      z.object({
        name: z.string().min(1).max(64),
        from: z.string().min(1),
        layer: z.string().optional(),
        mean: triple.optional(),
        std: triple.optional(),
      }),
    )
    .output(eventIterator(modelEvent)),
  remove: oc.input(z.object({ name: z.string() })).output(z.void()),
  verify: oc.input(z.object({ name: z.string() })).output(model),
};

export const storageProcedures = {
  /** Tells the store from every other: the ids that a window holds are of this one only. */
  identity: oc.output(z.object({ id: z.string() })),
  stats: oc.output(storage),
  /** Removes files that no row refers to. */
  collectGarbage: oc.output(z.object({ removed: z.int(), bytes: z.number() })),
  /** Looks at everything that Perch needs. */
  diagnose: oc.output(eventIterator(diagnostic)),
  /** Whether each provider can be used, tried once. */
  providers: oc.output(
    z.object({
      providers: z.array(z.object({ provider, usable: z.boolean(), reason: z.string().optional() })),
    }),
  ),
};
