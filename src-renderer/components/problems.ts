import type { Problem } from '../../src-main/common/api/datasets.ts';

/** What each kind of problem is called over the list of its files. */
const TITLES: Record<Problem['kind'], string> = {
  unreadable: 'cannot be read',
  duplicate: 'duplicate',
  'mask-size': 'with a mask of another size',
  'mask-unreadable': 'with a mask that cannot be read',
  'mask-doubtful': 'with a mask that is doubtful',
  'mask-without-image': 'masks without an image',
  'mask-empty': 'with a mask that marks nothing',
  ambiguous: 'masks that several images may claim',
  dropped: 'left out',
  missing: 'missing',
  changed: 'changed since',
  note: 'with something to know',
};

/** Problems by their kind, the most frequent first. */
export function grouped(problems: readonly Problem[]): { title: string; problems: readonly Problem[] }[] {
  return [...Map.groupBy(problems, ({ kind }) => kind)]
    .map(([kind, members]) => ({ title: `${members.length} ${TITLES[kind]}`, problems: members }))
    .sort((a, b) => b.problems.length - a.problems.length);
}
