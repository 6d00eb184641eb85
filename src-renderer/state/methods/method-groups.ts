/** Methods that stand in a list of their own: those of one experiment, `table1/laws/fca`. */
export interface MethodGroup<Named> {
  name: string;
  members: readonly Named[];
}

/** Parts a list by the first part of the names: what has none stays, in order, and each experiment is a group. */
export function groupedByExperiment<Named>(
  all: readonly Named[],
  nameOf: (member: Named) => string,
): { single: readonly Named[]; groups: readonly MethodGroup<Named>[] } {
  const experimentOf = (member: Named) => {
    const name = nameOf(member);
    return name.includes('/') ? name.slice(0, name.indexOf('/')) : '';
  };
  const parts = Map.groupBy(all, experimentOf);
  const single = parts.get('') ?? [];
  parts.delete('');
  return { single, groups: [...parts].map(([name, members]) => ({ name, members })) };
}
