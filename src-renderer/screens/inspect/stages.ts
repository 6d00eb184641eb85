import type { Stage } from '../../../src-main/common/api/schemas.ts';

/** What the engine is doing, in words. */
export const stageWords: Record<Stage, string> = {
  decode: 'Reading the image',
  extract: 'Extracting features',
  reference: 'Finding the reference',
  statistic: 'Comparing patches',
};

/** Names of the stages in a table. */
export const stageNames: Record<Stage, string> = {
  decode: 'Read',
  extract: 'Extractor',
  reference: 'Reference',
  statistic: 'Statistic',
};
