/** Maximum number of ids that a text expands to, because an address may name more ids than a dataset has. */
const MAX_IDS = 200_000;

/** Formats ids as ranges, ascending: `3-5.9`. */
export function formatIds(ids: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const id of [...new Set(ids)].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last?.[1] === id - 1) last[1] = id;
    else ranges.push([id, id]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join('.');
}

/** Parses ranges of ids. Invalid parts are ignored. */
export function parseIds(text: string): number[] {
  const ids: number[] = [];
  for (const part of text.split('.')) {
    const [, from, to] = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(part) ?? [];
    if (from === undefined) continue;
    for (let id = Number(from); id <= Number(to ?? from) && ids.length < MAX_IDS; id++) ids.push(id);
  }
  return ids;
}
