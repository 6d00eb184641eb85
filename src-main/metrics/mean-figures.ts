import type { ClassFigures } from './class-pixels.ts';

/**
 * Figures of a dataset: the plain means of its classes (method.md, section 4), those left out for which a figure is not defined; the
 * threshold is that of a class, so of several there is none. Counts are summed.
 *
 * @param classes one at least
 */
export function meanFigures(classes: readonly ClassFigures[]): ClassFigures {
  const mean = (name: 'auroc' | 'pro' | 'aupr' | 'f1' | 'regionRecall' | 'imageAuroc') => {
    const known = classes.flatMap((figures) => figures[name] ?? []);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
  };
  const total = (name: 'images' | 'anomalousImages' | 'imagesWithoutMask' | 'regions') =>
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
    imagesWithoutMask: total('imagesWithoutMask'),
    regions: total('regions'),
  };
}
