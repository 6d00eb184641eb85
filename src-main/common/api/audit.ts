import { oc } from '@orpc/contract';
import { z } from 'zod';
import { exportedFile } from './evaluation.ts';

/** What a change was made to. */
export const auditSubject = z.enum([
  'recipe',
  'assignment',
  'threshold',
  'region',
  'scale',
  'ground-truth',
  'verdict',
  'session',
  'roll',
  'assessment',
  'calibration-mark',
  'setting',
  'dataset',
  'station',
  'output',
  'preset',
  'model',
]);
export type AuditSubject = z.infer<typeof auditSubject>;

/** Who changed what, when. Entries are added, never changed or removed. */
export const auditEntry = z.object({
  id: z.int(),
  at: z.string(),
  /** The person that the change names, else the operator of the settings, else the user of the operating system. */
  actor: z.string(),
  subject: z.object({
    type: auditSubject,
    /** Identifies the subject among those of its type. */
    id: z.string(),
    /** For display: `linen of fabrics`. */
    name: z.string(),
  }),
  /** In the past tense: `added`, `changed`, `removed`, `locked`. */
  action: z.string(),
  /** The values that changed, before and after; null if there were none. */
  before: z.json(),
  after: z.json(),
});
export type AuditEntry = z.infer<typeof auditEntry>;

const filter = z.object({
  subject: z.object({ type: auditSubject, id: z.string().optional() }).optional(),
  actor: z.string().optional(),
  /** Entries at or after this time, ISO 8601. */
  since: z.iso.datetime({ offset: true }).optional(),
});
export type AuditFilter = z.infer<typeof filter>;

export const audit = {
  /** Newest first. */
  list: oc
    .input(
      filter.extend({
        /** Entries with a smaller id, for the next page. */
        before: z.int().optional(),
        limit: z.int().min(1).max(1000).default(100),
      }),
    )
    .output(z.object({ entries: z.array(auditEntry), total: z.int() })),
  /** Everyone who changed something, by name. */
  actors: oc.output(z.object({ actors: z.array(z.string()) })),
  /** Oldest first. */
  export: oc.input(filter.extend({ format: z.enum(['csv', 'json']) })).output(exportedFile),
};
