import type { InspectionRegion } from '../../../src-main/common/api/regions.ts';

/** Describes an inspection region: "2 shapes, 1 excluded, border 8 px". */
export function regionSummary(region: InspectionRegion | null): string {
  if (!region) return 'whole image';
  const { include, exclude, border } = region;
  return [
    include.length === 0 ? 'whole image' : include.length === 1 ? '1 shape' : `${include.length} shapes`,
    exclude.length > 0 && `${exclude.length} excluded`,
    border > 0 && `border ${Number(border.toFixed(1))} px`,
  ]
    .filter(Boolean)
    .join(', ');
}
