import type { Verdict } from '../api/sessions.ts';

/** A roll's size in millimeters. */
export interface GradedRoll {
  length: number;
  width: number;
  /** The area in square millimeters of a roll that is not a rectangle, such as a hide. */
  area?: number;
}

/** A defect in millimeters: `from` and `to` along the roll from its start, `left` and `right` across it from its left edge. */
export interface GradedDefect {
  id: string;
  from: number;
  to: number;
  left: number;
  right: number;
  /** Of its pixels, in square millimeters. */
  area: number;
  /** Empty if unknown. */
  kind: string;
  verdict: Verdict | null;
  /** The repeating defect that it belongs to. */
  repeat: number | null;
  /** An operator's correction. It counts whatever the rule says. */
  corrected: { points: number; reason: string } | null;
}
