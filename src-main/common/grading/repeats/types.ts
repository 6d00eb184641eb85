/** A defect's place and size for the search of repeats, all in millimeters or all in pixels. */
export interface RepeatingCandidate {
  id: string;
  /** Center along the roll, from its start. */
  along: number;
  /** Center across the roll. */
  across: number;
  /** Extent along and across. */
  length: number;
  width: number;
  area: number;
  /** Empty if unknown, which looks like any kind. */
  kind: string;
}

/** Defects of the same look that come back at a constant pitch in one lane. */
export interface Repeat {
  pitch: number;
  /** Mean position across. */
  across: number;
  count: number;
  /** Occurrences that are expected between the first and the last but were not found. */
  missing: number;
  /** Positions along of the first and the last. */
  from: number;
  to: number;
  /** Root mean square distance of the defects from their places at the constant pitch. */
  jitter: number;
  /** Expected number of repeats as convincing as this one on a roll with the same number of defects at random places. */
  falseAlarms: number;
  /** In order along the roll. */
  defects: string[];
}
