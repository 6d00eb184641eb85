import { z } from 'zod';
import { decision, decisionThresholds } from './recipes.ts';
import { verdict } from './sessions.ts';

/** Regions that a message lists; `regionsTotal` counts all. */
export const MAX_MESSAGE_REGIONS = 100;

const extent = { left: z.number(), top: z.number(), width: z.number(), height: z.number() };

/** A region at or above the review threshold that satisfies the recipe's size limits. Lengths are in pixels of the image. */
export const messageRegion = z.object({
  box: z.object(extent),
  area: z.number(),
  /** Highest score. */
  peak: z.number(),
  /** The same box and area in millimeters; absent if the scale is unknown. */
  mm: z.object({ box: z.object(extent), area: z.number() }).optional(),
});
export type MessageRegion = z.infer<typeof messageRegion>;

const envelope = {
  schema: z.literal('perch-decision'),
  version: z.literal(1),
  /** Stays the same however often the message is delivered. */
  id: z.uuid(),
  station: z.string(),
  software: z.object({ name: z.literal('perch'), version: z.string() }),
};

const decided = {
  ...envelope,
  piece: z.object({
    /** Position in the order of arrival at the station, from 1. */
    sequence: z.int(),
    /** Path relative to the station's folder, with `/`. */
    file: z.string(),
    /** Null if the file could not be read, and so are width and height if it is no image. */
    sha256: z.string().nullable(),
    width: z.int().nullable(),
    height: z.int().nullable(),
    /** Its place along its roll; absent if the pieces of the station are no frames of rolls. */
    frame: z
      .object({
        /** The folder of the roll, relative to the station's folder, with `/`; empty for the station's folder. */
        roll: z.string(),
        /** From 1, in order along the roll. */
        number: z.int(),
        /** Pixels along the roll at which it starts, and its length. Places of regions are within the frame. */
        offset: z.int(),
        length: z.int(),
        /** The same in millimeters; absent if the scale is unknown. */
        mm: z.object({ offset: z.number(), length: z.number() }).optional(),
      })
      .optional(),
  }),
  /** Null if the piece could not be decided, which `reason` explains. Treat it like a review. */
  decision: decision.nullable(),
  reason: z.string(),
  score: z.number().nullable(),
  thresholds: decisionThresholds.nullable(),
  /** By falling peak score. */
  regions: z.array(messageRegion).max(MAX_MESSAGE_REGIONS),
  regionsTotal: z.int(),
  recipe: z.object({ name: z.string(), revision: z.int(), sha256: z.string() }),
  /** Times are ISO 8601 in UTC. */
  arrivedAt: z.string(),
  decidedAt: z.string(),
};

export const decisionMessage = z.discriminatedUnion('kind', [
  /** The recipe decided a piece. */
  z.object({ kind: z.literal('decision'), ...decided }),
  /** An operator gave a verdict on a piece whose decision was sent before. */
  z.object({
    kind: z.literal('verdict'),
    ...decided,
    /** `id` of the message with the decision. */
    decisionId: z.uuid(),
    verdict,
    defectType: z.string(),
    note: z.string(),
    operator: z.string(),
    verdictAt: z.string(),
  }),
  /** A person tests the connection. It is about no piece. */
  z.object({ kind: z.literal('test'), ...envelope, sentAt: z.string() }),
]);
export type DecisionMessage = z.infer<typeof decisionMessage>;
export type PieceMessage = Exclude<DecisionMessage, { kind: 'test' }>;
