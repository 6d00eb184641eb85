import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { copyOfToday } from '../../store/backups.ts';
import { openAudit } from '../audit/audit.ts';
import { openOutputs, type Outputs } from './outputs.ts';
import { messageOf, temporaryStation } from './test/station.ts';

const KEY = 'correct-horse-battery-staple';
const { signal } = new AbortController();
let line: ReturnType<typeof temporaryStation>;
let outputs: Outputs;
beforeEach(() => {
  line = temporaryStation();
  outputs = openOutputs(line.store, {
    lookMs: 20,
    attemptMs: 500,
    leaseMs: 3000,
    first: 30,
    longest: 100,
    idleMs: 200,
  });
});
afterEach(async () => {
  await outputs.close();
  await line.dispose();
});

const filesWithKey = () =>
  readdirSync(line.home, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const path = join(line.home, name);
    return statSync(path).isFile() && readFileSync(path).includes(KEY);
  });

it('keeps a secret in its file only: not in the database, its backups, the audit log, an export, a list, an error', async () => {
  const target = {
    type: 'webhook' as const,
    url: 'http://127.0.0.1:9/',
    plaintext: false,
    certificateFile: null,
  };
  const printed = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const { id } = await outputs.procedures.add({ station: 1, target, secret: KEY }, signal);
  line.store.outbox.add(1, messageOf(1));
  outputs.procedures.deliver();
  const failed = () => line.store.outputs.get(id);
  await vi.waitFor(() => expect(failed().lastError).not.toBeNull(), { timeout: 5000 });
  const thrown = (await Promise.resolve(outputs.procedures.test({ output: id }, signal)).catch(
    (error: unknown) => error,
  )) as Error;
  expect(String(thrown)).toContain('nothing listens');
  expect(`${thrown.stack} ${String(thrown.cause)}`).not.toContain(KEY);
  await copyOfToday(line.store.database);
  const audit = openAudit(line.store);
  const shown = [
    await outputs.procedures.list({ station: 1 }, signal),
    await audit.export({ format: 'json' }, signal),
    await audit.export({ format: 'csv' }, signal),
  ];
  expect(JSON.stringify(shown)).toContain('webhook');
  expect(JSON.stringify(shown)).not.toContain(KEY);
  expect(JSON.stringify(printed.mock.calls)).not.toContain(KEY);
  printed.mockRestore();
  expect(failed().hasSecret).toBe(true);
  expect(filesWithKey()).toEqual(['secrets.json']);

  await outputs.procedures.remove({ output: id }, signal);
  expect(filesWithKey()).toEqual([]);
});

it('forgets the secrets of a station that was removed, and keeps those of others', async () => {
  const target = {
    type: 'webhook' as const,
    url: 'http://127.0.0.1:9/',
    plaintext: false,
    certificateFile: null,
  };
  await outputs.procedures.add({ station: 1, target, secret: KEY }, signal);
  line.store.database.exec('DELETE FROM stations');
  expect(filesWithKey()).toEqual(['secrets.json']);
  outputs.procedures.deliver();
  expect(filesWithKey()).toEqual([]);
});

it('says that a webhook needs its secret again, if the data directory came without it', async () => {
  const target = {
    type: 'webhook' as const,
    url: 'http://127.0.0.1:9/',
    plaintext: false,
    certificateFile: null,
  };
  const { id } = await outputs.procedures.add({ station: 1, target, secret: KEY }, signal);
  rmSync(join(line.home, 'secrets.json'));
  await expect(outputs.procedures.test({ output: id }, signal)).rejects.toMatchObject({
    message: expect.stringContaining('Enter it again'),
  });
});
