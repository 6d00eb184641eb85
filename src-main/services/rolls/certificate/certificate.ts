import type { RollDefect, RollDefects, RollFrame } from '../../../common/api/rolls.ts';
import type { UnitSystem } from '../../../common/length-text.ts';

/** What a certificate states. */
export interface Certificate {
  list: RollDefects;
  units: UnitSystem;
  operator: string;
  madeAt: string;
  /** Version of Perch that made the map. */
  version: string;
  imageSha256: string;
  /** Of a roll that is a folder; empty for one file. */
  frames: readonly RollFrame[];
  /** SHA-256 of the recipe's revision; null without a recipe. */
  recipeSha256: string | null;
  /** The worst defects with their pictures (JPEG). */
  worst: { defect: RollDefect; picture: Uint8Array }[];
}
