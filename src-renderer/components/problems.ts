import type { Problem } from '../../src-main/common/api/datasets.ts';

/** Headings of the kinds of problems, after the number of files. */
const TITLES: Record<Problem['kind'], string> = {
  unreadable: 'unreadable',
  duplicate: 'duplicate',
  'mask-size': 'with a mask of a different size',
  'mask-unreadable': 'with an unreadable mask',
  'mask-doubtful': 'with a questionable mask',
  'mask-without-image': 'masks without an image',
  'mask-empty': 'with an empty mask',
  ambiguous: 'masks that match several images',
  dropped: 'skipped',
  missing: 'missing',
  changed: 'changed since the import',
  note: 'with a note',
};

/** Groups problems by kind, the most frequent first. */
export function groupProblems(
  problems: readonly Problem[],
): { title: string; problems: readonly Problem[] }[] {
  return [...Map.groupBy(problems, ({ kind }) => kind)]
    .map(([kind, members]) => ({ title: `${members.length} ${TITLES[kind]}`, problems: members }))
    .sort((a, b) => b.problems.length - a.problems.length);
}
