import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Application, run } from './application.ts';

const source = `
  const first = app.requestSingleInstanceLock({ from: process.argv.at(-1) });
  say(first ? 'first' : 'second');
  app.on('second-instance', (_event, argv, cwd, data) => say(argv.at(-1), cwd, JSON.stringify(data)));
  if (!first) app.quit();`;

it('the first instance keeps the lock and receives the arguments of the second', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stand-in-test-'));
  const first = new Application(source, { folder, args: ['one.png'] });
  await first.says('first');
  const second = new Application(source, { folder, args: ['two.png'] });
  expect(await second.ended()).toBe(0);
  expect(second.said[0]).toBe('second');
  await first.says(`two.png ${process.cwd()} {"from":"two.png"}`);

  const elsewhere = new Application(source);
  await elsewhere.says('first');
  await elsewhere.stop();

  // The lock of a killed process is free.
  first.process.kill('SIGKILL');
  await first.ended();
  const third = new Application(source, { folder });
  await third.says('first');
  await third.stop();
});

it('the lock is free after a normal exit', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stand-in-test-'));
  const first = new Application(`${source} app.whenReady().then(() => app.quit());`, { folder });
  expect(await first.ended()).toBe(0);
  const words = await run(`${source} app.whenReady().then(() => app.quit());`, { folder });
  expect(words[0]).toBe('first');
});
