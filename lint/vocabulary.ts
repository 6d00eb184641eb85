// Refuses the terms of banned-terms.ts in code, file names and prose: npm run lint:vocabulary [-- PATH ...]

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { findBannedTerms } from './find-banned-terms.ts';

const root = join(import.meta.dirname, '..');

const CHECKED = /\.(ts|js|cjs|svelte|css|html|c?pp|hpp|h|md|ya?ml|sh)$/;

/** Texts by other authors, texts about the past, and lists of the terms themselves. */
const IGNORED =
  /^(CHANGELOG\.md|packaging\/licenses\/|src-main\/store\/migrations\/|lint\/(banned-terms|find-banned-terms\.spec)\.ts)/;

const paths = process.argv.slice(2).map((path) => relative(root, path));
const files = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...paths],
  {
    cwd: root,
    encoding: 'utf8',
  },
)
  .trimEnd()
  .split('\n')
  .filter((file) => CHECKED.test(file) && !IGNORED.test(file) && existsSync(join(root, file)));

let count = 0;
for (const file of files) {
  const inName = findBannedTerms(file).map((finding) => ({ ...finding, line: 0 }));
  for (const { line, found, use } of [
    ...inName,
    ...findBannedTerms(readFileSync(join(root, file), 'utf8')),
  ]) {
    console.error(`${file}:${line}: "${found}" (use: ${use})`);
    count++;
  }
}
if (count > 0) {
  console.error(`\n${count} banned terms. docs/glossary.md has the terms of Perch.`);
  process.exitCode = 1;
}
