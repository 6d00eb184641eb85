import type { GroundTruth, ImageLabel } from '../../common/api/datasets.ts';
import { GOOD } from './layouts/layout.ts';

/**
 * Whether an image as a whole is defective: by its ground truth or, where that is unknown, by the kind that its folder says. Layouts
 * without kinds leave the kind empty. The kind of a strip says nothing of one of its squares.
 */
export function imageLabelOf({
  groundTruth,
  defectType,
  tileIndex,
}: {
  groundTruth: GroundTruth;
  defectType: string;
  tileIndex: number;
}): ImageLabel {
  if (groundTruth !== 'unknown') return groundTruth === 'masked' ? 'defective' : 'normal';
  return tileIndex > 0 || defectType === '' || defectType === GOOD ? 'unknown' : 'defective';
}
