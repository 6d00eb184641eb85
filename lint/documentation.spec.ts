import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const pages = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' })
  .trimEnd()
  .split('\n')
  .filter((page) => existsSync(join(root, page)) && !page.startsWith('packaging/licenses/'));

/** Examples, which the reader creates, and build outputs. */
const NOT_IN_REPOSITORY = /NNN|opponent|statistics\/mean-difference|screens\/classes|^native\/build/;

describe.each(pages)('%s', (page) => {
  const text = readFileSync(join(root, page), 'utf8');

  it('links to files that exist', () => {
    const links = [...text.matchAll(/\]\((?![a-z]+:|#)([^)#]+)/g)].map(([, target]) => target);
    expect(links.filter((target) => !existsSync(join(root, dirname(page), target)))).toEqual([]);
  });

  it('names files that exist', () => {
    const inline = /`((?:src-main|src-renderer|native|models|assets|e2e|packaging|docs|lint)\/[\w./-]+)`/g;
    const paths = [...text.matchAll(inline)].map(([, path]) => path);
    const missing = paths.filter((path) => !existsSync(join(root, path)) && !NOT_IN_REPOSITORY.test(path));
    expect(missing).toEqual([]);
  });

  it('runs scripts that exist', () => {
    const scripts = [...text.matchAll(/\bnode (?:--\S+ )*([\w./-]+\/[\w.-]+\.[jt]s)\b/g)].map(
      ([, path]) => path,
    );
    expect(scripts.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

it('shows a statistic in CONTRIBUTING.md that is under test', () => {
  const text = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8').replaceAll(/^ {3}/gm, '');
  const example = /export const meanDifference.*?\n};/s.exec(text)?.[0] ?? 'no example';
  const tested = readFileSync(join(root, 'src-main/methods/statistics/test/mean-difference.ts'), 'utf8');
  expect(tested).toContain(example);
});
