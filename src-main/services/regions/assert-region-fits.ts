import { PerchError } from '../../common/api/errors.ts';
import type { InspectionRegion } from '../../common/api/regions.ts';
import { regionProblem } from '../../common/maps/inspection-region.ts';
import type { Store } from '../../store/store.ts';

/** @throws PerchError `INVALID_ARGUMENT` if a region leaves nothing of an image of the class */
export function assertRegionFits(
  store: Store,
  dataset: number,
  textureClass: string,
  region: InspectionRegion | null,
): void {
  if (!region) return;
  const seen = new Set<string>();
  for (const { textureClass: own, width, height, name } of store.images.listByDataset(dataset)) {
    const size = `${width} ${height}`;
    if (own !== textureClass || seen.has(size)) continue;
    seen.add(size);
    const problem = regionProblem(region, { width, height });
    if (problem) throw new PerchError('INVALID_ARGUMENT', `${textureClass}, ${name}: ${problem}`);
  }
}
