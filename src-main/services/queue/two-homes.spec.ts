import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { programPath } from '../../files/programs.ts';
import { noisyPng } from '../runs/test/cloth.ts';
import { TestPostgres } from './test/postgres.ts';

const root = join(import.meta.dirname, '../../..');
let folder: string;
let postgres: TestPostgres;
let worker: ChildProcess | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-machines-'));
  postgres = await TestPostgres.start();
  for (let at = 0; at < 3; at++) {
    await mkdir(join(folder, 'fabrics/linen/test/good'), { recursive: true });
    await writeFile(join(folder, `fabrics/linen/test/good/${at}.png`), await noisyPng(at, 64));
  }
});
afterAll(async () => {
  if (worker?.exitCode === null) {
    worker.kill('SIGKILL');
    await once(worker, 'exit');
  }
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The command lines of an indented block of docs/scaling.md that starts with a sentence. */
async function commandsAfter(sentence: string): Promise<string[]> {
  const text = await readFile(join(root, 'docs/scaling.md'), 'utf8');
  const block = text.slice(text.indexOf(sentence)).split('\n\n')[1];
  return block.split('\n').map((line) => line.trim());
}

it('sets up two machines with the commands of docs/scaling.md', async () => {
  const first = await commandsAfter('On the machine with the images');
  const second = await commandsAfter('On each other machine');
  expect(first.length + second.length).toBeLessThan(10);
  // The test's server replaces `createuser` and `createdb` on a machine with PostgreSQL.
  const url = await postgres.createDatabase('perch');
  const environmentOf = (home: string, commands: readonly string[]) => {
    const exported = commands.find((line) => line.startsWith('export PERCH_QUEUE='));
    expect(exported).toBe('export PERCH_QUEUE=postgres://perch:PASSWORD@mill-1/perch');
    return { ...process.env, PERCH_HOME: join(folder, home), PERCH_QUEUE: url };
  };
  const perch = (commands: readonly string[]) =>
    commands.filter((line) => line.startsWith('npx perch ')).map((line) => line.split(' ').slice(2));
  const entry = programPath('commandLine');

  const [work] = perch(second);
  expect(work).toEqual(['worker']);
  worker = spawn(process.execPath, [entry, ...work], { env: environmentOf('second', second), cwd: folder });
  const output: string[] = [];
  worker.stdout?.on('data', (chunk: Buffer) => output.push(chunk.toString()));

  const env = environmentOf('first', first);
  let shown = '';
  for (const words of perch(first)) {
    const { stdout } = await promisify(execFile)(process.execPath, [entry, ...words], { env, cwd: folder });
    shown = stdout;
  }
  expect(shown).toMatch(/^run 1 {2}done {2}3 of 3 done\n$/);
  const { stdout } = await promisify(execFile)(process.execPath, [entry, 'doctor'], { env }).catch(
    ({ stdout }: { stdout: string }) => ({ stdout }),
  );
  expect(stdout).toMatch(/queue .*PostgreSQL 18.*workers /);
  expect(stdout + output.join('')).not.toContain('secret word');

  worker.kill('SIGTERM');
  const [code] = (await once(worker, 'exit')) as [number];
  expect({ code, output: output.join('') }).toMatchObject({
    code: 0,
    output: expect.stringMatching(/waits for tasks[\s\S]*Ends after the tasks in work/),
  });
});

it('refuses a password in an argument, without printing it', async () => {
  const env = { ...process.env, PERCH_HOME: join(folder, 'third') };
  for (const words of [['worker'], ['runs', 'start', 'fabrics']]) {
    const refused = await promisify(execFile)(
      process.execPath,
      [programPath('commandLine'), ...words, '--queue', 'postgres://perch:hush@mill-1/perch'],
      { env },
    ).catch((thrown: { code: number; stderr: string }) => thrown);
    expect(refused.stderr).toMatch(/contains a password.*PGPASSWORD/);
    expect(refused.stderr).not.toContain('hush');
  }
});
