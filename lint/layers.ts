// Checks the layers of ARCHITECTURE.md, and that no imports are circular: npm run lint:layers

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { findViolations } from './find-violations.ts';

const root = join(import.meta.dirname, '..');
const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
});
const violations = findViolations(root, listed.trimEnd().split('\n'));
for (const violation of violations) console.error(violation);
if (violations.length > 0) {
  console.error(`\n${violations.length} imports break the rules of .dependency-cruiser.js.`);
  process.exitCode = 1;
}
