import type { ClassFigures } from './class-pixels.ts';

/**
 * Figures of a dataset: the plain means of its classes (method.md, section 4), null where a class lacks the figure; the
 * threshold is that of a class, so of several there is none. Counts are summed.
 *
 * @param classes one at least
 */
export function meanFigures(classes: readonly ClassFigures[]): ClassFigures {
  const mean = (name: 'auroc' | 'pro' | 'aupr' | 'f1' | 'regionRecall' | 'imageAuroc') => {
    let sum = 0;
    for (const figures of classes) {
      const value = figures[name];
      if (value === null) return null;
      sum += value;
    }
    return sum / classes.length;
  };
  const total = (name: 'images' | 'anomalousImages' | 'regions') =>
    classes.reduce((sum, figures) => sum + figures[name], 0);
  return {
    auroc: mean('auroc'),
    pro: mean('pro'),
    aupr: mean('aupr'),
    f1: mean('f1'),
    f1Threshold: classes.length === 1 ? classes[0].f1Threshold : null,
    regionRecall: mean('regionRecall'),
    imageAuroc: mean('imageAuroc'),
    images: total('images'),
    anomalousImages: total('anomalousImages'),
    regions: total('regions'),
  };
}
