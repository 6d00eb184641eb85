import { sep } from 'node:path';
import type { Problem } from '../../common/api/datasets.ts';

/** Makes problem paths relative to the dataset's folder and removes duplicates. */
export function relativeProblems(problems: readonly Problem[], root: string): Problem[] {
  const prefix = root.endsWith(sep) ? root : root + sep;
  const shortened = problems.map(({ kind, path, message }) => ({
    kind,
    path: path.startsWith(prefix) ? path.slice(prefix.length) : path,
    message: message.replaceAll(prefix, ''),
  }));
  return [...new Map(shortened.map((problem) => [JSON.stringify(problem), problem])).values()];
}
