import type { ImportPreview, Problem } from '../../../common/api/datasets.ts';
import { displayPath } from './display-path.ts';
import { printError } from './print.ts';

/** Maximum number of problems of one kind that are listed individually. */
const MAX_LISTED = 10;

/** Prints the problems of a dataset or of annotations, the first of each kind. */
export function printProblems(problems: readonly Problem[]): void {
  for (const [kind, ofKind] of Map.groupBy(problems, (problem) => problem.kind)) {
    for (const { message } of ofKind.slice(0, MAX_LISTED)) printError(message);
    if (ofKind.length > MAX_LISTED)
      printError(`and ${ofKind.length - MAX_LISTED} more (${kind}); use --json to list all`);
  }
}

/** Prints the skipped files, one line per reason. */
export function printSkipped(skipped: ImportPreview['skipped']): void {
  for (const { reason, files, example } of skipped)
    printError(`skipped: ${reason}: ${files} (${displayPath(example)}${files > 1 ? ', ...' : ''})`);
}
