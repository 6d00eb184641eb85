import type { MetricName } from '../../src-main/common/api/evaluation.ts';

/** Display names of the metrics. */
export const metricLabels: Record<MetricName, string> = {
  auPro: 'AUPRO@0.3',
  auroc: 'pixel AUROC',
  f1Max: 'pixel F1-max',
  averagePrecision: 'pixel AP',
  imageAuroc: 'image AUROC',
  meanRegionOverlap: 'PRO@F1-max',
};
