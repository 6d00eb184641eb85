import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { beforeAll, describe, expect, it } from 'vitest';
import { findBannedTerms } from '../../../lint/find-banned-terms.ts';
import { layoutChoice } from '../../common/api/datasets.ts';
import { createProgram } from './program.ts';

let program: Command;
let commands: Command[];

beforeAll(async () => {
  program = await createProgram();
  commands = withSubcommands(program);
});

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

/** "perch datasets import" */
function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (chunk) => (text += chunk) });
  command.outputHelp();
  return text;
}

describe('the command line', () => {
  it('describes every command, argument and option', () => {
    for (const command of commands) {
      expect(command.description(), pathOf(command)).not.toBe('');
      for (const argument of command.registeredArguments)
        expect(argument.description, `${pathOf(command)} <${argument.name()}>`).not.toBe('');
      for (const option of command.options)
        expect(option.description, `${pathOf(command)} ${option.flags}`).not.toBe('');
    }
  });

  it('loads only the requested command', async () => {
    const { commands: loaded } = await createProgram('store');
    expect(loaded.map((command) => command.name())).toEqual(['store']);
  });

  it('gives one meaning to each option', () => {
    const meanings = Map.groupBy(
      commands.flatMap((command) => command.options),
      ({ long }) => long,
    );
    expect(new Set(meanings.get('--json')?.map(({ description }) => description)).size).toBe(1);
    for (const long of ['--patch-size', '--resize', '--provider', '--max-pixels', '--simd'])
      expect(new Set(meanings.get(long)?.map(({ description }) => description)).size, long).toBe(1);
  });

  it('lists every layout in the help of the import', () => {
    const command = commands.find((each) => pathOf(each) === 'perch datasets import');
    const help = command ? helpOf(command) : '';
    for (const layout of layoutChoice.options)
      if (layout !== 'auto') expect(help).toMatch(new RegExp(`^  ${layout} +\\S`, 'm'));
  });

  it('has help without banned terms', () => {
    for (const command of commands) expect(findBannedTerms(helpOf(command)), pathOf(command)).toEqual([]);
  });

  it('shows at least one example for every command, and every example parses', async () => {
    const ran = replaceActions();
    for (const command of commands) {
      const [, examples] = /Examples?:\n((?: {2}perch .*\n?)+)/.exec(helpOf(command)) ?? [];
      expect(examples, pathOf(command)).toBeDefined();
      for (const example of examples.trim().split('\n')) await parse(example.trim());
    }
    expect(ran.length).toBeGreaterThan(commands.length);
  });

  it('parses every command in the documentation', async () => {
    const ran = replaceActions();
    for (const file of ['README.md', 'docs/user-guide.md', 'docs/experiments.md']) {
      const text = await readFile(join(import.meta.dirname, '../../..', file), 'utf8');
      for (const [, example] of text.matchAll(/^ {4}(?:npx )?(perch (?:\S+ )*?\S+)(?: {2,}.*)?$/gm))
        if (!example.endsWith('--help')) await parse(example);
    }
    expect(ran.length).toBeGreaterThan(20);
  });

  /** Replaces the actions of all commands. @returns the paths of the commands that are run from then on */
  function replaceActions(): string[] {
    const ran: string[] = [];
    for (const command of commands) {
      command.exitOverride().configureOutput({ writeErr: () => {} });
      if (command.registeredArguments.length > 0 || command.commands.length === 0)
        command.action(() => void ran.push(pathOf(command)));
    }
    return ran;
  }

  async function parse(example: string): Promise<void> {
    const [, ...args] = wordsOf(example);
    await expect(program.parseAsync(args, { from: 'user' }), example).resolves.toBeDefined();
  }
});

/** The words of a shell command, without its redirection. */
function wordsOf(line: string): string[] {
  const [command] = line.split(' > ');
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare);
}
