import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secrets } from './secrets.ts';

let home: string;
let secrets: Secrets;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'perch-secrets-'));
  secrets = new Secrets(home);
});
afterEach(() => rm(home, { recursive: true, force: true }));

describe('secrets', () => {
  it('are kept until they are removed', () => {
    expect(secrets.get('queue')).toBeUndefined();
    secrets.set('queue', 'one');
    secrets.set('output:3', 'two');
    secrets.set('queue', 'three');
    expect(new Secrets(home).get('queue')).toBe('three');
    expect(secrets.names()).toEqual(['queue', 'output:3']);
    secrets.set('queue', null);
    expect([secrets.has('queue'), secrets.has('output:3')]).toEqual([false, true]);
    expect(readdirSync(home)).toEqual(['secrets.json']);
  });

  it.skipIf(process.platform === 'win32')('are readable by their owner only, also after a copy', () => {
    secrets.set('queue', 'one');
    const mode = () => statSync(secrets.path).mode & 0o777;
    expect(mode()).toBe(0o600);
    chmodSync(secrets.path, 0o644);
    expect(secrets.get('queue')).toBe('one');
    expect(mode()).toBe(0o600);
  });

  it('have names that objects inherit', () => {
    expect(secrets.get('constructor')).toBeUndefined();
    secrets.set('toString', 'one');
    expect(secrets.get('toString')).toBe('one');
  });

  it('are not quoted in the error of a damaged file', () => {
    writeFileSync(secrets.path, '{"queue": "hunter2');
    let message = '';
    try {
      secrets.get('queue');
    } catch (thrown) {
      message = String(thrown) + String((thrown as Error).cause);
    }
    expect(message).toContain('damaged');
    expect(message).not.toContain('hunter2');
  });

  it('survive a lock that a killed process left', () => {
    const lock = `${secrets.path}.lock`;
    writeFileSync(lock, '');
    const old = new Date(Date.now() - 60_000);
    utimesSync(lock, old, old);
    secrets.set('queue', 'one');
    expect(secrets.get('queue')).toBe('one');
  });

  it('of several processes are all kept', async () => {
    const script = `import { Secrets } from ${JSON.stringify(new URL('./secrets.ts', import.meta.url).href)};
      for (let index = 0; index < 20; index++) new Secrets(${JSON.stringify(home)}).set(process.argv[1] + index, 'x');`;
    const run = (name: string) =>
      promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script, name]);
    await Promise.all(['a', 'b', 'c'].map(run));
    expect(secrets.names()).toHaveLength(60);
  });
});
