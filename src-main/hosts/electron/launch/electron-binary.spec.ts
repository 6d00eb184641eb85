import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fetchElectron, findElectron, hasDisplay } from './electron-binary.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'perch-spec-'))));
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describe('the Electron binary', () => {
  it('is missing before the download and after an incomplete one', () => {
    expect(findElectron(folder, {})).toBeUndefined();
    writeFileSync(join(folder, 'path.txt'), 'electron');
    expect(findElectron(folder, {})).toBeUndefined();
  });

  it('is found by the name in the package, also in the folder of ELECTRON_OVERRIDE_DIST_PATH', () => {
    writeFileSync(join(folder, 'path.txt'), 'electron');
    for (const name of ['dist', 'override']) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'electron'), '');
    }
    expect(findElectron(folder, {})).toBe(join(folder, 'dist/electron'));
    const environment = { ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'override') };
    expect(findElectron(folder, environment)).toBe(join(folder, 'override/electron'));
    rmSync(join(folder, 'path.txt'));
    if (process.platform === 'linux')
      expect(findElectron(folder, environment)).toBe(join(folder, 'override/electron'));
  });
});

describe('downloading it', () => {
  const content = Buffer.alloc(200_000, 'zip');
  const file = `electron-v45.0.0-${process.platform}-${process.arch}.zip`;
  let server: Server;
  let electronPackage: string;
  /** Number of bytes after which the server interrupts the first response. */
  let cutAt: number;
  let ranges: (string | undefined)[];

  beforeEach(async () => {
    electronPackage = join(folder, 'node_modules/electron');
    mkdirSync(electronPackage, { recursive: true });
    const write = (name: string, text: string) => writeFileSync(join(electronPackage, name), text);
    write('package.json', '{"version":"45.0.0"}');
    write('checksums.json', JSON.stringify({ [file]: createHash('sha256').update(content).digest('hex') }));
    // Finds the download where the package's script looks for it, and extracts nothing.
    write(
      'install.js',
      `const fs = require('node:fs');
      const found = fs.readdirSync(process.env.electron_config_cache, { recursive: true });
      if (!found.some((name) => name.endsWith('.zip'))) process.exit(1);
      fs.mkdirSync(__dirname + '/dist');
      fs.writeFileSync(__dirname + '/dist/electron', '');
      fs.writeFileSync(__dirname + '/path.txt', 'electron');`,
    );
    [cutAt, ranges] = [0, []];
    server = createServer(({ headers: { range } }, response) => {
      ranges.push(range);
      const from = Number(/=(\d+)/.exec(range ?? '')?.[1] ?? 0);
      const bytes = content.subarray(from);
      response.writeHead(from > 0 ? 206 : 200, {
        'content-length': bytes.length,
        ...(from > 0 && { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` }),
      });
      if (cutAt > 0 && from === 0)
        response.write(bytes.subarray(0, cutAt), () => setTimeout(() => response.destroy(), 100));
      else response.end(bytes);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    vi.stubEnv('electron_config_cache', join(folder, 'cache'));
    vi.stubEnv('npm_config_electron_mirror', `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const fetchIt = (options = {}) => {
    const progress: number[] = [];
    const fetched = fetchElectron(electronPackage, {
      timeoutMs: 30_000,
      onProgress: (done) => progress.push(done),
      ...options,
    });
    return fetched.then((outcome) => ({ outcome, progress }));
  };

  it('reports progress, verifies the file and runs the install script of the package', async () => {
    const { outcome, progress } = await fetchIt();
    expect(outcome).toEqual({ kind: 'done' });
    expect(progress.at(-1)).toBe(content.length);
    expect(findElectron(electronPackage, {})).toBe(join(electronPackage, 'dist/electron'));
  });

  it('resumes an interrupted download', async () => {
    cutAt = 70_000;
    expect((await fetchIt()).outcome).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining(file),
    });
    const part = join(folder, 'node_modules/.cache/perch', `${file}.part`);
    const received = readFileSync(part).length;
    expect(received).toBeGreaterThan(0);
    expect((await fetchIt()).outcome).toEqual({ kind: 'done' });
    expect(ranges).toEqual([undefined, `bytes=${received}-`]);
    expect(readdirSync(join(folder, 'node_modules/.cache/perch'))).toEqual([]);
  });

  it('rejects a wrong checksum and starts over the next time', async () => {
    const part = join(folder, 'node_modules/.cache/perch', `${file}.part`);
    mkdirSync(join(part, '..'), { recursive: true });
    writeFileSync(part, 'not the beginning of the file');
    expect((await fetchIt()).outcome).toMatchObject({ kind: 'failed' });
    expect((await fetchIt()).outcome).toEqual({ kind: 'done' });
  });

  it('fails with a reason if the server cannot be reached', async () => {
    vi.stubEnv('npm_config_electron_mirror', 'http://127.0.0.1:1/');
    expect((await fetchIt()).outcome).toMatchObject({
      kind: 'failed',
      reason: expect.stringMatching(/Could not download .*: /),
    });
  });

  it('reports a slow download and continues it in the background', async () => {
    const script = join(folder, 'slow.mjs');
    const marker = join(folder, 'continued');
    writeFileSync(
      script,
      `import { writeFileSync } from 'node:fs';
      process.on('disconnect', () => process.exit());
      setTimeout(() => writeFileSync(${JSON.stringify(marker)}, ''), 800);
      setTimeout(() => process.disconnect(), 900);`,
    );
    expect((await fetchIt({ timeoutMs: 300, script })).outcome).toEqual({ kind: 'slow' });
    await sleep(1200);
    expect(readdirSync(folder)).toContain('continued');
  });

  it('fails if the download process ends early', async () => {
    const script = join(folder, 'dead.mjs');
    writeFileSync(script, 'process.exit(3)');
    expect((await fetchIt({ script })).outcome).toMatchObject({
      reason: expect.stringContaining('exit code 3'),
    });
  });
});

describe('the display', () => {
  it('is missing on Linux without DISPLAY and WAYLAND_DISPLAY', () => {
    expect(hasDisplay('linux', {})).toBe(false);
    expect(hasDisplay('linux', { DISPLAY: '' })).toBe(false);
    expect(hasDisplay('linux', { DISPLAY: ':0' })).toBe(true);
    expect(hasDisplay('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true);
    expect(hasDisplay('linux', { DISPLAY: '', WAYLAND_DISPLAY: 'wayland-0' })).toBe(true);
    expect(hasDisplay('darwin', {})).toBe(true);
    expect(hasDisplay('win32', {})).toBe(true);
  });
});
