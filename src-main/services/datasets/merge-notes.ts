import type { Problem } from '../../common/api/datasets.ts';

/** Notes that say the same of several files as one, with the first of them. Everything else stays. */
export function mergeNotes(problems: readonly Problem[]): Problem[] {
  const groups = Map.groupBy(problems, (problem) => textOf(problem) ?? problem);
  return [...groups].flatMap(([text, of]) => {
    const [first] = of;
    if (typeof text !== 'string' || of.length === 1) return of;
    const others = of.length === 2 ? '1 other' : `${of.length - 1} others`;
    return { ...first, message: `${first.path} and ${others}: ${text}` };
  });
}

/** What a note says of its file; undefined for every other problem. */
function textOf({ kind, path, message }: Problem): string | undefined {
  const start = `${path}: `;
  return kind === 'note' && message.startsWith(start) ? message.slice(start.length) : undefined;
}
