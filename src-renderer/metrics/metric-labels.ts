import type { FigureName } from '../../src-main/common/api/evaluation.ts';

/** Figures by the names that people know them by. */
export const figureNames: Record<FigureName, string> = {
  pro: 'AUPRO@0.3',
  auroc: 'pixel AUROC',
  f1: 'pixel max F1',
  aupr: 'pixel AP',
  imageAuroc: 'image AUROC',
  regionRecall: 'PRO at max F1',
};
