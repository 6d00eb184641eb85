import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { errorHint } from './error-hints.ts';
import { provider, providerChoice } from './schemas.ts';
import { unitSystem } from './scale.ts';
import { line } from './text.ts';

export const settings = z.object({
  /** The author of sessions and annotations; empty until set. */
  operator: z.string().max(100),
  theme: z.enum(['dark', 'light', 'system']),
  provider: providerChoice,
  /** Whether a verdict opens the next image without one. */
  autoAdvance: z.boolean(),
  /** Whether the alarm of a station sounds. */
  alarmSound: z.boolean(),
  units: unitSystem,
  /** Name of the grading rule that the window grades rolls by. */
  gradingRule: line(64),
  /** Gigabytes (2^30 bytes) of decoded large images and their tiles that are kept. */
  decodedGigabytes: z.int().min(1).max(100_000),
  /** URL of the queue's PostgreSQL database, without a password; empty for none. */
  queue: line(500),
  /** The address at which workers reach this machine, `HOST` or `HOST:PORT`; empty for the one that the database sees. */
  queueAddress: line(200),
});
export type Settings = z.infer<typeof settings>;

/** A threshold that the user set for a class and method. */
export const threshold = z.object({ textureClass: z.string(), score: z.number() });
export type Threshold = z.infer<typeof threshold>;

export const storage = z.object({
  dataDirectory: z.string(),
  databaseBytes: z.number(),
  blobs: z.int(),
  blobBytes: z.number(),
  /** Backups of the database. */
  backups: z.int(),
  backupBytes: z.number(),
  /** Decoded pixels and tiles of large images, which are kept up to a limit and can be made again. */
  decodedBytes: z.number(),
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

/** The queue that this process uses. */
export const queueState = z.object({
  /** Its URL without a password; null if none is set. */
  url: z.string().nullable(),
  /** Whether an option or the environment variable PERCH_QUEUE sets it, which precede the setting. */
  fixed: z.boolean(),
  hasPassword: z.boolean(),
});
export type QueueState = z.infer<typeof queueState>;

const of = z.object({ dataset: z.int(), method: z.int() });

export const settingsProcedures = {
  get: oc.output(settings),
  /** Changes the given settings and leaves the others unchanged. */
  change: oc.input(settings.partial().extend({ operator: line(100).optional() })).output(settings),
  queue: oc.output(queueState),
  /** Stores the password of the queue's database, which no call returns; null removes it. */
  setQueuePassword: oc.input(z.object({ password: z.string().max(1000).nullable() })).output(queueState),
  /** Connects to the queue and lists its workers. */
  checkQueue: oc.output(diagnostic),
  thresholds: oc.input(of).output(z.object({ thresholds: z.array(threshold) })),
  /** A null score removes the threshold, so that the suggested one applies. */
  setThreshold: oc
    .input(of.extend({ textureClass: z.string(), score: z.number().nullable() }))
    .output(z.void()),
};

export const storageProcedures = {
  /** The store's id. Ids of rows are valid only in this store. */
  identity: oc.output(z.object({ id: z.string() })),
  stats: oc.output(storage),
  /** Removes unreferenced files. */
  collectGarbage: oc.output(z.object({ removed: z.int(), bytes: z.number() })),
  /** Checks everything that Perch needs. */
  diagnose: oc.output(eventIterator(diagnostic)),
  /** Whether each provider works, and whether references and statistics can run on a GPU. Each one is tried once. */
  providers: oc.output(
    z.object({
      providers: z.array(z.object({ provider, usable: z.boolean(), reason: z.string().optional() })),
      statistic: z.object({
        usable: z.boolean(),
        device: z.string().optional(),
        reason: z.string().optional(),
      }),
    }),
  ),
};
