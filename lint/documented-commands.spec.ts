import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { beforeAll, describe, expect, it } from 'vitest';
import { createProgram } from '../src-main/hosts/cli/program.ts';

const root = join(import.meta.dirname, '..');
const pages = execFileSync('git', ['ls-files', '*.md', ':!CHANGELOG.md'], { cwd: root, encoding: 'utf8' })
  .trimEnd()
  .split('\n');
const scripts = (
  JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
).scripts;

let program: Command;

beforeAll(async () => {
  program = await createProgram();
});

describe.each(pages)('%s', (page) => {
  const text = readFileSync(join(root, page), 'utf8');

  // program.spec.ts parses the examples in code blocks.
  it('names commands and options that exist', () => {
    const commands = [...text.matchAll(/`(?:npx )?(perch [a-z][^`]*)`/g)].map(([, command]) => command);
    expect(commands.flatMap((command) => mistakeIn(command) ?? [])).toEqual([]);
  });

  it('uses npm scripts that exist', () => {
    const names = [...text.matchAll(/npm (?:run )(?:--?\S+ )*([a-z][\w:]*)/g)].map(([, name]) => name);
    expect(names.filter((name) => !(name in scripts))).toEqual([]);
  });
});

/** The error in a command, which may lack arguments; undefined if there is none. */
function mistakeIn(line: string): string | undefined {
  let command = program;
  for (const word of line.split(/\s+/).slice(1)) {
    const next = command.commands.find((candidate) => candidate.name() === word);
    if (next) command = next;
    else if (command.commands.length > 0 && /^[a-z]/.test(word)) return `${line}: no command "${word}"`;
    else if (word.startsWith('--') && !command.options.some((option) => option.long === word))
      return `${line}: no option "${word}"`;
  }
  return undefined;
}
