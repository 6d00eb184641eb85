import type { Problem } from '../../common/api/datasets.ts';

/** Merges equal notes on several files into one note on the first of them. */
export function mergeNotes(problems: readonly Problem[]): Problem[] {
  const groups = Map.groupBy(problems, (problem) => textOf(problem) ?? problem);
  return [...groups].flatMap(([text, of]) => {
    const [first] = of;
    if (typeof text !== 'string' || of.length === 1) return of;
    const others = of.length === 2 ? '1 other' : `${of.length - 1} others`;
    return { ...first, message: `${first.path} and ${others}: ${text}` };
  });
}

/** The text of a note without its path; undefined for any other problem. */
function textOf({ kind, path, message }: Problem): string | undefined {
  const start = `${path}: `;
  return kind === 'note' && message.startsWith(start) ? message.slice(start.length) : undefined;
}
