import type { MetricName } from '../../src-main/common/api/evaluation.ts';

/** Display name and tooltip of each metric. */
export const metricLabels: Record<MetricName, { label: string; hint: string }> = {
  auPro: { label: 'AUPRO@0.3', hint: 'Area under the per-region-overlap curve up to FPR 0.3' },
  auroc: { label: 'Pixel AUROC', hint: 'Area under the ROC curve of pixels' },
  f1Max: { label: 'Pixel F1-max', hint: 'Best F1 of pixels over all thresholds' },
  averagePrecision: { label: 'Pixel AP', hint: 'Average precision of pixels' },
  imageAuroc: { label: 'Image AUROC', hint: 'Area under the ROC curve of images' },
  meanRegionOverlap: { label: 'PRO@F1-max', hint: 'Mean overlap of regions at the F1-max threshold' },
};
