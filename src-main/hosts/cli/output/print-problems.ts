import type { ImportPreview, Problem } from '../../../common/api/datasets.ts';

/** So many problems of a kind are told one by one. */
const TOLD = 10;

/** Tells what is wrong with a dataset or with masks, the first ones of each kind. */
export function tellProblems(problems: readonly Problem[]): void {
  for (const [kind, of] of Map.groupBy(problems, (problem) => problem.kind)) {
    for (const { message } of of.slice(0, TOLD)) process.stderr.write(`perch: ${message}\n`);
    if (of.length > TOLD)
      process.stderr.write(`perch: and ${of.length - TOLD} more of this kind (${kind}); --json tells all.\n`);
  }
}

/** Tells which files were left out, a line for each reason. */
export function tellLeftOut(leftOut: ImportPreview['leftOut']): void {
  for (const { what, files, example } of leftOut)
    process.stderr.write(`perch: left out: ${what}: ${files} (${example}${files > 1 ? ', ...' : ''})\n`);
}
