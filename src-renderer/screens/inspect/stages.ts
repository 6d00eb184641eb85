import type { Stage } from '../../../src-main/common/api/schemas.ts';

/** Progress messages of the stages. */
export const stageMessages: Record<Stage, string> = {
  decode: 'Reading image',
  extract: 'Extracting features',
  reference: 'Computing reference',
  statistic: 'Comparing patches',
};

/** Names of the stages. */
export const stageNames: Record<Stage, string> = {
  decode: 'Read image',
  extract: 'Extractor',
  reference: 'Reference',
  statistic: 'Statistic',
};
