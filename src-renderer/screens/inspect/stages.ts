import type { Stage } from '../../../src-main/common/api/schemas.ts';

/** The stages' progress messages. */
export const stageMessages: Record<Stage, string> = {
  decode: 'Reading image',
  extract: 'Extracting features',
  reference: 'Computing reference',
  statistic: 'Comparing patches',
};

/** The stages' names. */
export const stageNames: Record<Stage, string> = {
  decode: 'Read image',
  extract: 'Extractor',
  reference: 'Reference',
  statistic: 'Statistic',
};
