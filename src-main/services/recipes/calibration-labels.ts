import type { CalibrationLabel, ScoredImage } from '../../common/api/recipes.ts';
import type { StoredImage } from '../../store/images.ts';
import type { Store } from '../../store/store.ts';
import { imageLabelOf } from '../datasets/image-label.ts';

type Label = Pick<ScoredImage, 'label' | 'labelSource'>;

/**
 * The labels of a dataset's images, from these sources in order of precedence: ground truth with the folder's
 * defect type, a mark as good for calibration, the latest verdict, the training split.
 */
export function calibrationLabels(store: Store, dataset: number): (image: StoredImage) => Label {
  const marked = new Set(store.calibrationMarks.list(dataset).map(({ image }) => image));
  const verdicts = new Map(store.verdicts.listLatest(dataset).map(({ image, verdict }) => [image, verdict]));
  const labeled = (label: CalibrationLabel, labelSource: ScoredImage['labelSource']) => ({
    label,
    labelSource,
  });
  return (image) => {
    const truth = imageLabelOf(image);
    if (truth !== 'unknown') return labeled(truth === 'normal' ? 'good' : 'defective', 'ground-truth');
    if (marked.has(image.id)) return labeled('good', 'marked');
    const verdict = verdicts.get(image.id);
    if (verdict === 'accept') return labeled('good', 'verdict');
    if (verdict === 'reject') return labeled('defective', 'verdict');
    return image.split === 'train' ? labeled('good', 'training') : labeled('unknown', 'none');
  };
}
