import type { GroundTruth, ImageLabel } from '../../common/api/datasets.ts';
import { GOOD } from './layouts/layout.ts';

/**
 * Whether an image is defective as a whole: by its ground truth or, if that is unknown, by the defect type of its folder. The
 * defect type is empty if the layout has none. The defect type of a strip does not apply to its tiles.
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
