import type { DatasetImage, GroundTruth } from '../../../src-main/common/api/datasets.ts';
import type { Decision } from '../../../src-main/common/api/recipes.ts';
import type { Verdict } from '../../../src-main/common/api/sessions.ts';
import type { DecisionFilter, VerdictFilter } from '../../state/images/image-filter.ts';

/** Numbers of images by defect type, verdict, decision and ground truth. */
export interface FacetCounts {
  defectTypes: ReadonlyMap<string, number>;
  verdicts: Readonly<Record<VerdictFilter, number>>;
  decisions: Readonly<Record<DecisionFilter, number>>;
  groundTruths: Readonly<Record<GroundTruth, number>>;
  annotated: number;
  train: number;
}

/** Counts the facets of test images, and the number of training images. */
export function countFacets(
  images: readonly DatasetImage[],
  verdictOf: (image: DatasetImage) => Verdict | undefined,
  decisionOf: (image: DatasetImage) => Decision | undefined,
): FacetCounts {
  const defectTypes = new Map<string, number>();
  const verdicts = { accept: 0, reject: 0, unsure: 0, none: 0 };
  const decisions = { pass: 0, review: 0, reject: 0, none: 0 };
  const groundTruths = { masked: 0, normal: 0, unknown: 0 };
  let annotated = 0;
  let train = 0;
  for (const image of images) {
    if (image.split === 'train') {
      train++;
      continue;
    }
    defectTypes.set(image.defectType, (defectTypes.get(image.defectType) ?? 0) + 1);
    verdicts[verdictOf(image) ?? 'none']++;
    decisions[decisionOf(image) ?? 'none']++;
    groundTruths[image.groundTruth]++;
    if (image.annotated) annotated++;
  }
  const byName = [...defectTypes].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
  return { defectTypes: new Map(byName), verdicts, decisions, groundTruths, annotated, train };
}
