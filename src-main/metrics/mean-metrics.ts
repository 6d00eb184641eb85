import type { ClassMetrics } from './metric-accumulator.ts';

/**
 * Metrics of a dataset: the unweighted mean over its classes (docs/method.md, section 4). A metric's mean
 * omits classes for which the metric is undefined. Counts are summed. A threshold applies to one class only,
 * so it is null for several.
 *
 * @param classes at least one
 */
export function meanMetrics(classes: readonly ClassMetrics[]): ClassMetrics {
  const mean = (
    name: 'auroc' | 'auPro' | 'averagePrecision' | 'f1Max' | 'meanRegionOverlap' | 'imageAuroc',
  ) => {
    const defined = classes.flatMap((metrics) => metrics[name] ?? []);
    return defined.length === 0 ? null : defined.reduce((sum, value) => sum + value, 0) / defined.length;
  };
  const total = (name: 'images' | 'anomalousImages' | 'imagesWithoutMask' | 'regions') =>
    classes.reduce((sum, metrics) => sum + metrics[name], 0);
  return {
    auroc: mean('auroc'),
    auPro: mean('auPro'),
    averagePrecision: mean('averagePrecision'),
    f1Max: mean('f1Max'),
    f1MaxThreshold: classes.length === 1 ? classes[0].f1MaxThreshold : null,
    meanRegionOverlap: mean('meanRegionOverlap'),
    imageAuroc: mean('imageAuroc'),
    images: total('images'),
    anomalousImages: total('anomalousImages'),
    imagesWithoutMask: total('imagesWithoutMask'),
    regions: total('regions'),
  };
}
