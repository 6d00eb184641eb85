import type { DatasetImage } from '../../../src-main/common/api/datasets.ts';

/** An image with defaults for the other properties. */
export function anImage(part: Partial<DatasetImage> & { id: number }): DatasetImage {
  return {
    name: `test/${String(part.id).padStart(3, '0')}.png`,
    textureClass: 'linen',
    defectType: 'good',
    split: 'test',
    width: 64,
    height: 64,
    groundTruth: 'unknown',
    label: 'unknown',
    mask: null,
    revision: 0,
    annotated: false,
    state: 'present',
    thumbnail: null,
    ...part,
  };
}
