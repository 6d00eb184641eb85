import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineClient } from '../src-main/engine/client/engine-client.ts';
import { Desktop } from './harness/desktop.ts';
import { LibraryPage } from './pages/library.ts';
import { writeFiles, weave } from './fixtures/textures.ts';

const root = join(import.meta.dirname, '..');

/** Files next to the bundles in an installation (electron-builder.yml). */
const INSTALLED = ['package.json', 'assets', 'native/build/Release/perch.node', ...graphs()];
/** Native modules with their dependencies, and the Node.js of the engine. */
const PACKAGES = [
  '@img',
  'better-sqlite3',
  'detect-libc',
  'onnxruntime-common',
  'onnxruntime-node',
  'semver',
  'sharp',
  `node-${process.platform}-${process.arch}`,
];

/**
 * The built programs run without their sources. Only this test notices a module that reads a file at load or starts a worker
 * by its path, because all files exist next to the sources.
 */
describe('the bundles without their sources', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'perch-bundles-'));
    for (const name of ['dist', ...INSTALLED])
      if (existsSync(join(root, name))) cpSync(join(root, name), join(folder, name), { recursive: true });
    mkdirSync(join(folder, 'node_modules'));
    for (const name of PACKAGES)
      symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('the main process opens a window that can use services and engine', async () => {
    const desktop = new Desktop({ main: join(folder, 'dist/electron/main.js'), home: join(folder, 'home') });
    const page = await desktop.window();
    await writeFiles({ [join(folder, 'wool/1.png')]: await weave(64, 1) });
    const library = new LibraryPage(page);
    await library.importPath(join(folder, 'wool'));
    await library.dataset('wool').waitFor();
    await page.getByText('Engine ready').waitFor();
    await desktop.end('SIGTERM');
  });

  it('the engine responds', async () => {
    const engine = new EngineClient({ entry: join(folder, 'dist/engine/main.mjs') });
    try {
      const path = join(folder, 'wool.png');
      await writeFiles({ [path]: await weave(64, 2) });
      const { png } = await engine.request('preview', { path, side: 32, maxPixels: 1e6 });
      expect(Buffer.from(png).subarray(1, 4).toString()).toBe('PNG');
      const { providers } = await engine.request('probeProviders', {});
      expect(providers.find(({ provider }) => provider === 'cpu')).toMatchObject({ usable: true });
      // The probes ran, whatever their result.
      for (const { reason } of providers) expect(reason ?? '').not.toMatch(/exit code|Cannot find/);
    } finally {
      await engine.close();
    }
  });

  it('every other program loads', async () => {
    const known = ['electron/main.js', 'electron/preload.cjs', 'engine/main.mjs'];
    for (const program of programs().filter((name) => !known.includes(name))) {
      const child = spawn(process.execPath, [join(folder, 'dist', program), '--help'], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let stderr = '';
      child.stderr.on('data', (part: Buffer) => (stderr += part.toString()));
      const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
      await once(child, 'close');
      clearTimeout(timer);
      expect(stderr, program).not.toMatch(/ENOENT|ERR_MODULE_NOT_FOUND|Cannot find/);
    }
  });
});

function graphs(): string[] {
  return readdirSync(join(root, 'models'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.onnx'))
    .map((name) => join('models', name));
}

/** All programs in `dist`. */
function programs(): string[] {
  return readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' }).filter(
    (name) =>
      /\.(js|mjs|cjs)$/.test(name) && !name.startsWith('renderer') && existsSync(join(root, 'dist', name)),
  );
}
