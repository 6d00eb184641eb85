import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { errorHint } from './error-hints.ts';
import { provider, providerChoice } from './schemas.ts';
import { line } from './text.ts';

export const settings = z.object({
  /** The author of sessions and annotations; empty until set. */
  operator: z.string().max(100),
  theme: z.enum(['dark', 'light', 'system']),
  provider: providerChoice,
  /** Whether a verdict opens the next image without one. */
  autoAdvance: z.boolean(),
});
export type Settings = z.infer<typeof settings>;

/** A threshold that the user set for a class and method. */
export const threshold = z.object({ textureClass: z.string(), score: z.number() });
export type Threshold = z.infer<typeof threshold>;

/** A known or imported backbone, or an imported network that computes anomaly maps. */
export const model = z.object({
  name: z.string(),
  kind: z.enum(['backbone', 'map']),
  title: z.string(),
  imported: z.boolean(),
  /** What an imported model computes, as text. */
  description: z.string(),
  /** What the import assumed, as sentences. */
  notes: z.array(z.string()),
  license: z.string(),
  source: z.string(),
  sha256: z.string(),
  bytes: z.number(),
  /** Its problem; absent if it has none. */
  problem: z.string().optional(),
  /** What the user can do about it. Each host has its own wording. */
  hint: errorHint.optional(),
  /** Whether `download` can fetch it. */
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
  /** Backups of the database. */
  backups: z.int(),
  backupBytes: z.number(),
  /** Unreferenced files. `collectGarbage` removes those older than an hour. */
  unreferenced: z.int(),
  unreferencedBytes: z.number(),
});
export type Storage = z.infer<typeof storage>;

/** The result of one check of the installation. */
export const diagnostic = z.object({
  topic: z.string(),
  /** The finding, in a few words. */
  found: z.string(),
  /** The problem; absent if the check passed. */
  problem: z.string().optional(),
  /** What the user can do about it. Each host has its own wording. */
  hint: errorHint.optional(),
  /** Whether Perch works without it, such as a GPU. */
  optional: z.boolean().optional(),
});
export type Diagnostic = z.infer<typeof diagnostic>;

const of = z.object({ dataset: z.int(), method: z.int() });
const side = z.int().min(1).max(16_384);
const triple = z.tuple([z.number(), z.number(), z.number()]);

export const settingsProcedures = {
  get: oc.output(settings),
  /** Changes the given settings and leaves the others unchanged. */
  change: oc.input(settings.partial().extend({ operator: line(100).optional() })).output(settings),
  thresholds: oc.input(of).output(z.object({ thresholds: z.array(threshold) })),
  /** A null score removes the threshold, so that the suggested one applies. */
  setThreshold: oc
    .input(of.extend({ textureClass: z.string(), score: z.number().nullable() }))
    .output(z.void()),
};

export const models = {
  list: oc.output(z.object({ models: z.array(model) })),
  download: oc.input(z.object({ name: z.string() })).output(eventIterator(modelEvent)),
  /** Imports a file on the host: a checkpoint of a known backbone, or any ONNX graph. */
  import: oc
    .input(
      z.object({
        name: z.string().min(1).max(64),
        from: z.string().min(1),
        /** A backbone (the default) is an extractor; a `map` network computes anomaly maps. */
        kind: z.enum(['backbone', 'map']).optional(),
        /** The value with a backbone's features, or a network's output with the anomaly map. */
        layer: z.string().optional(),
        mean: triple.optional(),
        std: triple.optional(),
        /** The value of white; 1 by default, or 255 for bytes. */
        range: z.union([z.literal(1), z.literal(255)]).optional(),
        /** The size of images that a network takes, if its graph does not declare it. */
        size: z.object({ height: side, width: side }).optional(),
      }),
    )
    .output(eventIterator(modelEvent)),
  remove: oc.input(z.object({ name: z.string() })).output(z.void()),
  verify: oc.input(z.object({ name: z.string() })).output(model),
};

export const storageProcedures = {
  /** The store's id. Ids of rows are valid only in this store. */
  identity: oc.output(z.object({ id: z.string() })),
  stats: oc.output(storage),
  /** Removes unreferenced files. */
  collectGarbage: oc.output(z.object({ removed: z.int(), bytes: z.number() })),
  /** Checks everything that Perch needs. */
  diagnose: oc.output(eventIterator(diagnostic)),
  /** Whether each provider works. Each one is tried once. */
  providers: oc.output(
    z.object({
      providers: z.array(z.object({ provider, usable: z.boolean(), reason: z.string().optional() })),
    }),
  ),
};
