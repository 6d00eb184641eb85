/** The methods of an experiment: those whose names start with its name, as in `table1/laws/fca`. */
export interface MethodGroup<Named> {
  name: string;
  members: readonly Named[];
}

/** Groups methods by experiment. Methods without a slash in their name stay single. */
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
