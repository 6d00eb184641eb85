import type { FigureName } from '../../src-main/api/evaluation.ts';

/** Figures by the names that people know them by. */
export const figureNames: Record<FigureName, string> = {
  pro: 'PRO (to FPR 0.3)',
  auroc: 'AUROC of pixels',
  f1: 'F1 of pixels',
  aupr: 'AUPR of pixels',
  imageAuroc: 'AUROC of images',
  regionRecall: 'Regions found',
};
