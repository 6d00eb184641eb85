import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { perch } from '../../test/perch.ts';

it('ends quietly when the reader of its output closes the pipe', async () => {
  const args = [join(import.meta.dirname, 'start.js'), 'methods', 'show', 'default'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  let errors = '';
  child.stderr.on('data', (chunk) => (errors += chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  expect({ code, errors }).toEqual({ code: 0, errors: '' });
});

it('prints the help of the program and of a command', async () => {
  const program = await perch('--help');
  expect(program.stdout).toMatch(/Inspect images:\n {2}inspect .*Examples:\n/s);
  const command = await perch('models', 'import', '--help');
  expect(command.stdout).toMatch(/^Usage: perch models import .*--from <file>.*Examples:\n/s);
});

it('suggests a command if the given one does not exist', async () => {
  const { code, stderr } = await perch('inspekt');
  expect(code).toBe(1);
  expect(stderr).toMatch(/unknown command 'inspekt'.*inspect.*perch --help/s);
});

it('says how to get help after a wrong option of a subcommand', async () => {
  const { code, stderr } = await perch('datasets', 'list', '--jsn');
  expect(code).toBe(1);
  expect(stderr).toMatch(/unknown option '--jsn'.*--json.*perch COMMAND --help/s);
});
