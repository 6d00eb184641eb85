import type { Finding } from '../common/api/settings.ts';

/** A finding of `perch doctor` as text: a line, and one more for a problem and its fix. */
export function formatFinding({ topic, found, problem, optional }: Finding): string {
  const mark = problem === undefined ? ' ' : optional ? '-' : '!';
  const line = `${mark} ${topic.padEnd(20)} ${found}`;
  return problem === undefined ? line : `${line}\n${' '.repeat(23)}${problem}`;
}
