import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { datasetImage } from './datasets.ts';
import { gradingRule } from './grading.ts';
import { decision, recipeDefinition } from './recipes.ts';
import { rollDirection } from './rolls.ts';
import { result } from './runs.ts';
import { errorReport } from './schemas.ts';
import { verdict } from './sessions.ts';
import { pieceFrame, stationRoll, stationRollDefects } from './station-frames.ts';
import { absolutePath, line, personName, text } from './text.ts';

/** The time of day at which a shift starts, in local time. */
const timeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'Enter the time as HH:MM, such as 06:00');

/** When the shifts of a day start. */
export const shiftStarts = z
  .array(timeOfDay)
  .min(1)
  .max(24)
  .transform((times) => [...new Set(times)].sort());

/** Which pieces the store keeps in full, and of which it keeps only a record: file, content, decision, score and times. */
export const keepRule = z.object({
  /** Days since the decision; null for no limit. */
  days: z.number().positive().max(36_500).nullable(),
  /** Number of latest pieces; null for no limit. */
  pieces: z.int().min(1).nullable(),
  /** Whether the limits also apply to rejected pieces, which are otherwise kept. */
  rejectsToo: z.boolean(),
  /**
   * Number of latest pieces with a record; null for no limit. An older record is removed once its file is gone and nothing but the
   * record is left of the piece. Counters of shifts stay.
   */
  records: z.int().min(1).nullable(),
});
export type KeepRule = z.infer<typeof keepRule>;

export const stationState = z.enum(['watching', 'stopped', 'unavailable']);

/** A watched folder with the recipe that decides its pieces. Its pieces are images of a dataset of the store. */
export const station = z.object({
  id: z.int(),
  name: z.string(),
  /** Absolute path. */
  folder: z.string(),
  /** `revision` is the latest one, which decides the next piece. */
  recipe: z.object({ id: z.int(), name: z.string(), revision: z.int() }),
  dataset: z.int(),
  textureClass: z.string(),
  /** `unavailable` if it is watched and its folder is missing; it continues when the folder is back. */
  state: stationState,
  /** Another process that watches it, as a sentence; null if this process or no process does. */
  heldBy: z.string().nullable(),
  /** Whether the folder is read at an interval, because its file system reports no changes, as network shares do. */
  polling: z.boolean(),
  /** The direction of travel in its images if they are frames of rolls, one roll per folder; null if they are not. */
  rollDirection: rollDirection.nullable(),
  /** When shifts start, in order. */
  shifts: z.array(z.string()),
  /** Number of consecutive rejects that raise an alarm; 0 for none. */
  alarmAfter: z.int(),
  keep: keepRule,
  createdAt: z.string(),
});
export type Station = z.infer<typeof station>;

/** A region of a piece at or above the review threshold that satisfies the size limits, in pixels of the image. */
export const pieceRegion = z.object({
  box: z.object({ left: z.number(), top: z.number(), width: z.number(), height: z.number() }),
  area: z.number(),
  /** Its highest score. */
  peak: z.number(),
});
export type PieceRegion = z.infer<typeof pieceRegion>;

/**
 * `waiting` until its turn, then `decided`, or `failed` if it cannot be inspected. A piece whose file vanished before its turn is
 * `dropped`.
 */
export const pieceState = z.enum(['waiting', 'decided', 'failed', 'dropped']);

/** An image file that arrived at a station. */
export const piece = z.object({
  id: z.int(),
  station: z.int(),
  /** From 1, in order of arrival. */
  sequence: z.int(),
  /** Relative to the folder, with `/`. */
  file: z.string(),
  /** Null until the file is read. */
  sha256: z.string().nullable(),
  /** Null until it is decided, if it is pruned, and if a later piece replaced its file. */
  image: z.int().nullable(),
  /** SHA-256 of the image's thumbnail, for `datasets.thumbnails`; null without an image. */
  thumbnail: z.string().nullable(),
  state: pieceState,
  /** Null if the recipe gives none; `reason` says why. */
  decision: decision.nullable(),
  score: z.number().nullable(),
  /** A sentence without its period; empty while it waits. */
  reason: z.string(),
  /** The recipe that decided it, and its revision. */
  recipe: z.int().nullable(),
  revision: z.int().nullable(),
  /** The regions with the highest peaks, at most 100; empty for a piece that passes. */
  regions: z.array(pieceRegion),
  regionsTotal: z.int(),
  /** When its file was whole. */
  arrivedAt: z.string(),
  decidedAt: z.string().nullable(),
  /** Seconds from arrival to decision. */
  seconds: z.number().nullable(),
  error: errorReport.nullable(),
  /** The earlier piece with the same content, whose decision it has. It is not counted. */
  duplicateOf: z.int().nullable(),
  /** Its place along its roll, once it is settled; null at a station without rolls. */
  frame: pieceFrame.nullable(),
  /** An operator's verdict on it. */
  verdict: verdict.nullable(),
  operator: z.string().nullable(),
  /** Null once the piece is pruned. */
  result: z.int().nullable(),
  /** Name of the map's asset, for as long as there is a result. */
  map: z.string().nullable(),
  pruned: z.boolean(),
});
export type Piece = z.infer<typeof piece>;

/** Counters of a shift. Duplicates are not pieces. */
export const shiftCount = z.object({
  /** Local date and time of its start: `2026-03-01 06:00`. */
  shift: z.string(),
  from: z.string(),
  /** Null while it lasts. */
  to: z.string().nullable(),
  /** Decided, failed and dropped pieces. */
  pieces: z.int(),
  pass: z.int(),
  review: z.int(),
  reject: z.int(),
  /** Inspected, but without a decision. */
  undecided: z.int(),
  failed: z.int(),
  dropped: z.int(),
  duplicates: z.int(),
  /** Passed pieces that an operator rejected, and rejected ones that an operator accepted. */
  overruled: z.int(),
  /** Rejected pieces as a fraction of the decided ones; null without any. */
  rejectRate: z.number().nullable(),
});
export type ShiftCount = z.infer<typeof shiftCount>;

export const stationAlarm = z.object({
  kind: z.enum(['consecutive', 'control-chart']),
  since: z.string(),
  text: z.string(),
});
export type StationAlarm = z.infer<typeof stationAlarm>;

export const stationStatus = z.object({
  station: z.int(),
  state: stationState,
  /** Number of waiting pieces. */
  backlog: z.int(),
  /** Of the latest decided piece, or of the oldest waiting one if that is longer; null without any. */
  lagSeconds: z.number().nullable(),
  /** When it arrived. */
  oldestWaiting: z.string().nullable(),
  /** Files of this shift that vanished before their turn. */
  dropped: z.int(),
  /** Files that are still being written. */
  incomplete: z.int(),
  /** Until a person acknowledges it. */
  alarm: stationAlarm.nullable(),
  shift: shiftCount,
  /** Why no piece is decided now, such as a full disk. It continues by itself. */
  halted: errorReport.nullable(),
});
export type StationStatus = z.infer<typeof stationStatus>;

/** `status` comes first, for all stations, and after changes a few times per second at most. */
export const stationEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('status'), statuses: z.array(stationStatus) }),
  /** A piece was settled, or got a verdict. */
  z.object({ type: z.literal('piece'), piece }),
]);
export type StationEvent = z.infer<typeof stationEvent>;

/** The image scores of a station's pieces in order, with the limits of the good images that calibrated the recipe. */
export const stationChart = z.object({
  /** Null if the recipe is not calibrated with good images. */
  limits: z.object({ low: z.number(), center: z.number(), high: z.number() }).nullable(),
  thresholds: z.object({ review: z.number(), reject: z.number() }).nullable(),
  points: z.array(
    z.object({
      piece: z.int(),
      sequence: z.int(),
      at: z.string(),
      score: z.number(),
      decision: decision.nullable(),
    }),
  ),
});
export type StationChart = z.infer<typeof stationChart>;

const id = z.object({ station: z.int() });
const choices = z.object({
  name: line(100).min(1),
  recipe: z.int(),
  polling: z.boolean(),
  /** Changing it fails with `CONFLICT` once the station has frames. */
  rollDirection: rollDirection.nullable(),
  shifts: shiftStarts,
  alarmAfter: z.int().min(0).max(1000),
  keep: keepRule,
});

/** Settings of a new station. */
export const stationDefaults = {
  rollDirection: null,
  shifts: ['06:00', '14:00', '22:00'],
  alarmAfter: 3,
  keep: { days: null, pieces: 10_000, rejectsToo: false, records: 1_000_000 } satisfies KeepRule,
};

export const stations = {
  list: oc.output(z.object({ stations: z.array(station) })),
  /** Fails with `CONFLICT` if the name or folder is in use, `NOT_FOUND`, `INVALID_ARGUMENT` if the recipe needs other images. */
  create: oc
    .input(
      choices.extend({
        folder: absolutePath,
        /** Defaults to the recipe's first class. */
        textureClass: line(200).min(1).optional(),
        /** By default, a folder on a network share is polled. */
        polling: choices.shape.polling.optional(),
        rollDirection: choices.shape.rollDirection.default(stationDefaults.rollDirection),
        shifts: choices.shape.shifts.default(stationDefaults.shifts),
        alarmAfter: choices.shape.alarmAfter.default(stationDefaults.alarmAfter),
        keep: choices.shape.keep.default(stationDefaults.keep),
      }),
    )
    .output(station),
  change: oc.input(id.extend(choices.partial().shape)).output(station),
  /** Removes the station and its counters. Its images, results and verdicts stay in the dataset. Fails with `CONFLICT` while it is watched. */
  remove: oc.input(id).output(z.void()),
  /** Fails with `CONFLICT` if another process watches it, `NOT_FOUND` if its folder is missing. */
  start: oc.input(id).output(station),
  stop: oc.input(id).output(station),
  watch: oc.output(eventIterator(stationEvent)),
  /** Newest first: those with a sequence below `before`. */
  pieces: oc
    .input(
      id.extend({
        before: z.int().optional(),
        limit: z.int().min(1).max(1000).default(50),
      }),
    )
    .output(z.object({ pieces: z.array(piece) })),
  /** What is drawn of a piece: its image, its result, and the revision of the recipe that decided it; each null where there is none. */
  view: oc.input(z.object({ piece: z.int() })).output(
    z.object({
      image: datasetImage.nullable(),
      result: result.nullable(),
      definition: recipeDefinition.nullable(),
    }),
  ),
  /** Newest first. */
  shifts: oc
    .input(id.extend({ limit: z.int().min(1).max(1000).default(30) }))
    .output(z.object({ shifts: z.array(shiftCount) })),
  /** Adds a verdict of the operator's review session of the current shift. */
  verdict: oc
    .input(
      z.object({
        piece: z.int(),
        verdict,
        defectType: line(100).default(''),
        note: text(2000).default(''),
        operator: personName,
      }),
    )
    .output(piece),
  /** The rolls of a station, the one with the latest frame first. */
  rolls: oc
    .input(id.extend({ limit: z.int().min(1).max(1000).default(30) }))
    .output(z.object({ rolls: z.array(stationRoll) })),
  /** A roll so far. Defaults to the one with the latest frame. Fails with `NOT_FOUND` if it has no frame. */
  roll: oc
    .input(
      id.extend({
        roll: z.string().optional(),
        /** A grading rule, or the name of one. */
        rule: z.union([z.string(), gradingRule]).default('four-point'),
      }),
    )
    .output(stationRollDefects),
  acknowledgeAlarm: oc.input(id).output(z.void()),
  /** Defaults to the current shift. At most the latest 5000 pieces. */
  chart: oc.input(id.extend({ shift: z.string().optional() })).output(stationChart),
};
