import type { AuditSubject } from '../../../src-main/common/api/audit.ts';

/** The name of each type of subject. */
export const subjectLabels: Record<AuditSubject, string> = {
  recipe: 'Recipe',
  assignment: 'Recipe of a class',
  threshold: 'Display threshold',
  region: 'Inspection region',
  scale: 'Scale',
  'ground-truth': 'Ground truth',
  verdict: 'Verdict',
  session: 'Review session',
  roll: 'Roll',
  assessment: 'Assessment of a defect',
  'calibration-mark': 'Calibration mark',
  setting: 'Setting',
  dataset: 'Dataset',
  station: 'Station',
  output: 'Output',
  preset: 'Preset',
  model: 'Model',
};
