import { z } from 'zod';
import { rollGrade } from './grading.ts';
import { rollDefect, rollDirection, rollRepeat, usedRule } from './rolls.ts';
import { scale } from './scale.ts';

/** The place of a piece that is a frame of a roll. */
export const pieceFrame = z.object({
  /** The folder of the roll's frames, relative to the station's folder, with `/`; empty for the station's folder. */
  roll: z.string(),
  /** From 1, in order along the roll. */
  number: z.int(),
  /** Pixels along the roll at which it starts, and its length. */
  offset: z.int(),
  length: z.int(),
  /** Pixels across the roll. */
  width: z.int(),
  /** The same in millimeters; null if the scale is unknown. */
  mm: z.object({ offset: z.number(), length: z.number() }).nullable(),
  /** Whether it could not be read, so that it has the size of the frame before it. */
  assumed: z.boolean(),
});
export type PieceFrame = z.infer<typeof pieceFrame>;

/** A roll of a station: the frames of one folder so far. */
export const stationRoll = z.object({
  station: z.int(),
  /** `frame.roll` of its pieces. */
  roll: z.string(),
  /** The name of its folder. */
  name: z.string(),
  direction: rollDirection,
  frames: z.int(),
  widthPixels: z.int(),
  lengthPixels: z.int(),
  /** That of the station's class; null if it is unknown. The roll then has no grade. */
  scale: scale.nullable(),
  /** When its first and its latest frame arrived. */
  from: z.string(),
  to: z.string(),
});
export type StationRoll = z.infer<typeof stationRoll>;

/** A region of a frame at its place on the roll. Its id names the frame and the region: `12.1`. */
export const frameDefect = rollDefect.extend({ piece: z.int(), sequence: z.int(), frame: z.int() });
export type FrameDefect = z.infer<typeof frameDefect>;

/** The defects of a roll's frames so far, and its grade. A frame that an operator accepted has no defects that count. */
export const stationRollDefects = z.object({
  roll: stationRoll,
  /** In order along the roll. */
  defects: z.array(frameDefect),
  repeats: z.array(rollRepeat),
  /** Null without a scale, or if no frame has a decision. */
  grade: rollGrade.nullable(),
  rule: usedRule,
  /** What a person should know, one sentence each: frames that could not be read, gaps in their numbers. */
  notes: z.array(z.string()),
});
export type StationRollDefects = z.infer<typeof stationRollDefects>;
