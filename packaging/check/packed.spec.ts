import { execFile, fork } from 'node:child_process';
import {
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { Arch, type AfterPackContext } from 'electron-builder';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { provideChromium } from '../../e2e/chromium.ts';
import { InspectPage } from '../../e2e/pages/inspect.ts';
import { LibraryPage } from '../../e2e/pages/library.ts';
import { ReviewPage } from '../../e2e/pages/review.ts';
import { SettingsPage } from '../../e2e/pages/settings.ts';
import packageJson from '../../package.json' with { type: 'json' };
import afterPack from '../after-pack.ts';
import { packedFiles } from '../contents.ts';
import { faultsOf } from '../inspect-package.ts';
import { packCheckout, unfoldArchive, type Packed } from './packed.ts';
import { sizesOf } from './sizes.ts';

const CHECKOUT = join(import.meta.dirname, '../..');
const PATIENCE = { timeout: 60_000, interval: 100 };
/** State of a fuse that is on. */
const ON = '1'.charCodeAt(0);
const { platform, arch } = process;
const onLinux = platform === 'linux';
if (!onLinux) console.warn('\n*** PACKAGE CHECK SKIPPED: only Electron for Linux is faked. ***\n');

describe.skipIf(!onLinux)('the package', () => {
  let packed: Packed;

  beforeAll(async () => {
    packed = await packCheckout(CHECKOUT);
  });

  afterAll(() => packed?.remove());

  describe('as a folder of files', () => {
    const faults = () => faultsOf(packed.resources, platform, arch);

    it('has what the allowlist names, for this machine, and nothing else', async () => {
      expect(await faults()).toEqual([]);
    });

    it('is refused with a file more', async () => {
      const file = join(packed.resources, 'app.asar.unpacked/dist/engine/results.db');
      await writeFile(file, '');
      expect(await faults()).toEqual([expect.stringMatching(/results\.db is not on .*allowlist/)]);
      await rm(file);
    });

    it('is refused with a part less, or one for another CPU', async () => {
      const file = join(packed.resources, 'app.asar.unpacked/native/build/Release/perch.node');
      await rename(file, `${file}.away`);
      expect(await faults()).toContainEqual(expect.stringMatching(/perch\.node is missing/));
      const binary = await readFile(`${file}.away`);
      // The CPU in an ELF header: 64-bit RISC-V.
      binary.writeUInt16LE(0xf3, 18);
      await writeFile(file, binary);
      expect(await faults()).toContainEqual(expect.stringMatching(/perch\.node is for linux on .*0xf3/));
      await writeFile(file, 'no binary');
      expect(await faults()).toContainEqual(expect.stringMatching(/perch\.node is no binary/));
      await rename(`${file}.away`, file);
    });

    it('is refused for a machine that it is not for, with what to do', async () => {
      const context = {
        electronPlatformName: platform,
        arch: arch === 'arm64' ? Arch.x64 : Arch.arm64,
        appOutDir: packed.folder,
        packager: { getResourcesDir: () => packed.resources },
      };
      await expect(afterPack(context as unknown as AfterPackContext)).rejects.toThrow(
        /sharp-linux-\w+\/lib.* is missing[^]*run `npm ci && npm run package` on a machine with linux on/,
      );
    });

    it('says nothing of updates, which only a release does', async () => {
      const files = await packedFiles(packed.resources);
      expect(files.filter(({ path }) => /app-update|package-type/.test(path))).toEqual([]);
    });

    it('has beside its resources what Electron has', async () => {
      const names = (await readdir(packed.folder)).filter((name) => !/\.(pak|so|bin|dat)$/.test(name));
      expect(names.sort()).toEqual(
        [
          ...['LICENSE.electron.txt', 'LICENSES.chromium.html', 'chrome-sandbox', 'chrome_crashpad_handler'],
          ...['libvulkan.so.1', 'locales', 'perch-desktop', 'resources', 'vk_swiftshader_icd.json'],
        ].sort(),
      );
    });

    it('is no larger than it was meant to be', async () => {
      const files = await packedFiles(packed.resources);
      const total = files.reduce((sum, { bytes }) => sum + bytes / 1e6, 0);
      const rows = [...sizesOf(files), ['together, without Electron', total] as const];
      console.log(
        rows.map(([part, size]) => `${part.padEnd(48)}${size.toFixed(1).padStart(8)} MB`).join('\n'),
      );
      const archived = files.filter(({ path }) => path.startsWith('app.asar/'));
      expect(archived.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(3e6);
      expect(total).toBeLessThan(210);
    });

    it('holds no path of the checkout that it was made of', async () => {
      const files = await readdir(packed.resources, { recursive: true, withFileTypes: true });
      const texts = files.filter((entry) => entry.isFile() && /\.(asar|m?js|cjs|json|txt)$/.test(entry.name));
      for (const entry of texts) {
        const content = await readFile(join(entry.parentPath, entry.name), 'latin1');
        expect(content.includes(CHECKOUT), entry.name).toBe(false);
        expect(content.includes('perch-package-'), entry.name).toBe(false);
      }
    });

    it('has the licenses of what it contains', async () => {
      const text = await readFile(join(packed.resources, 'licenses.txt'), 'utf8');
      for (const part of ['sharp-libvips', 'onnxruntime-node', 'electron', 'node-linux', 'svelte', 'zod'])
        expect(text).toContain(part);
      expect(text).toContain('GNU LESSER GENERAL PUBLIC LICENSE');
    });
  });

  it('has the fuses that Electron’s security checklist asks for', async () => {
    const wire = await getCurrentFuseWire(packed.executable);
    const on = Object.values(FuseV1Options).filter(
      (option): option is FuseV1Options => typeof option === 'number' && wire[option] === ON,
    );
    expect(on.map((option) => FuseV1Options[option]).sort()).toEqual([
      'EnableEmbeddedAsarIntegrityValidation',
      'OnlyLoadAppFromAsar',
    ]);
  });

  it('becomes a Debian package with a valid description', () => {
    const { args, desktopEntry } = packed.debian;
    const after = (flag: string) => args[args.indexOf(flag) + 1];
    expect(after('--maintainer')).toMatch(/^[\w ]+ <[\w.]+@[\w.-]+>$/);
    expect(after('--url')).toBe(packageJson.homepage);
    expect(after('--description')).toMatch(/^Finds defects/);
    expect(after('--category')).toBe('science');
    // `perch` is the command line, not the window.
    expect(args).toContain('packaging/linux/perch=/usr/bin/perch');
    const icons = args.filter((argument) => /\/hicolor\//.test(argument));
    expect(icons).toHaveLength(8);
    expect(args.at(-1)).toMatch(`=/usr/share/applications/${packageJson.desktopName}.desktop`);
    const entry = Object.fromEntries(desktopEntry.split('\n').map((line) => line.split(/=(.*)/s)));
    expect(entry).toMatchObject({
      Name: 'Perch',
      Exec: '/opt/Perch/perch-desktop %U',
      Icon: 'perch-desktop',
      StartupWMClass: packageJson.desktopName,
      MimeType: 'image/png;image/jpeg;image/tiff;image/bmp;image/webp;',
      Categories: 'Science;',
    });
  });

  describe('on the command line', () => {
    let home: string;
    const samples = () => join(packed.resources, 'app.asar.unpacked/assets/samples');
    /** Runs `perch` as a person does who installed the package: by a link from a folder of commands. */
    const perch = async (...args: string[]) => {
      const env = { PATH: '/usr/bin:/bin', HOME: home, PERCH_HOME: join(home, 'perch') };
      const { stdout } = await promisify(execFile)(join(home, 'perch-link'), args, {
        cwd: home,
        env,
      });
      return stdout;
    };

    beforeAll(async () => {
      home = await mkdtemp(join(tmpdir(), 'perch-cli-'));
      await symlink(join(packed.resources, 'bin/perch'), join(home, 'perch-link'));
    });

    afterAll(() => rm(home, { recursive: true, force: true }));

    it('says its version', async () => {
      expect(await perch('--version')).toBe(`${packageJson.version}\n`);
    });

    it('inspects, extracts and computes', async () => {
      const image = join(samples(), 'carpet/test/hole/000.png');
      const [inspected] = JSON.parse(
        `[${(await perch('inspect', image, '--json')).trim().split('\n').join(',')}]`,
      );
      expect(inspected).toBeDefined();
      await perch('extract', image, '--extractor', 'gabor', '--out', 'features.npy');
      await perch('statistic', 'features.npy', '--statistic', 'fca', '--patch', '9', '--out', 'map.npy');
      expect(await readdir(home)).toEqual(
        expect.arrayContaining(['features.npy', 'map.npy', 'perch-results']),
      );
    });

    it('keeps datasets, runs, masks and figures', async () => {
      const carpet = join(home, 'cloth/carpet');
      for (const [folder, name] of [
        ['test/hole', '000.png'],
        ['test/good', '000.png'],
        ['ground_truth/hole', '000_mask.png'],
      ]) {
        await mkdir(join(carpet, folder), { recursive: true });
        await copyFile(join(samples(), 'carpet', folder, name), join(carpet, folder, name));
      }
      await perch('datasets', 'import', 'cloth');
      expect(await perch('datasets', 'list')).toMatch(/cloth/);
      expect(await perch('runs', 'start', 'cloth', '--method', 'default')).toMatch(/done/);
      expect(await perch('evaluate', 'cloth', '--methods', 'default')).toMatch(/carpet/);
      expect(await perch('masks', 'export', 'cloth', 'masks')).toMatch(/^1 mask/m);
      expect(await perch('experiment', 'table1', '--dataset', 'cloth', '--help')).toMatch(/experiment/);
      expect(await perch('sessions', 'list')).toMatch(/no sessions/i);
      expect(await perch('store', 'describe')).toMatch(/^database .* MiB$/m);
      expect(await perch('methods', 'list')).toMatch(/gabor/);
      const graph = join(packed.resources, 'app.asar.unpacked/models/laws.onnx');
      const scale = ['--mean', '0,0,0', '--std', '1,1,1'];
      await perch('models', 'add', 'mine', '--from', graph, '--layer', 'features', ...scale);
      expect(await perch('models', 'list')).toMatch(/mine/);
    });

    it('loads every command that its help names', async () => {
      const help = await perch('--help');
      const commands = [...help.matchAll(/^ {2}([a-z]+) .*$/gm)].map(([, name]) => name);
      expect(commands.length).toBeGreaterThan(15);
      for (const command of commands.filter((name) => name !== 'help'))
        expect(await perch(command, '--help')).toContain(`Usage: perch ${command}`);
    });

    it('finds that everything it needs works', async () => {
      const { findings } = JSON.parse(await perch('doctor', '--json')) as {
        findings: { topic: string; found: string; problem?: string; optional?: boolean }[];
      };
      expect(findings.filter(({ problem, optional }) => problem !== undefined && !optional)).toEqual([]);
      expect(findings.find(({ topic }) => topic === 'native core')?.found).toMatch(/code paths/);
      expect(findings.find(({ topic }) => topic === 'node')?.found).toBe(process.versions.node);
    });

    it('measures in a process of its own', async () => {
      const worker = join(packed.resources, 'app.asar.unpacked/dist/cli/bench-worker.mjs');
      const child = fork(worker, ['gabor'], { execPath: join(packed.resources, 'node/node'), execArgv: [] });
      const measured = await new Promise((resolve, reject) => {
        child.once('message', resolve);
        child.once('exit', (code) => reject(new Error(`exit code ${code}`)));
      });
      expect(measured).toMatchObject({ name: 'extractor gabor' });
    });
  });

  describe('in its window', () => {
    let home: string;
    let app: ElectronApplication;
    let page: Page;

    beforeAll(async () => {
      home = await mkdtemp(join(tmpdir(), 'perch-window-'));
      await unfoldArchive(packed);
    });

    afterEach(() => app?.close());
    afterAll(() => rm(home, { recursive: true, force: true }));

    async function start(): Promise<void> {
      app = await _electron.launch({
        executablePath: packed.executable,
        args: [`--user-data-dir=${join(home, 'profile')}`],
        cwd: home,
        env: {
          ...environment(),
          ...{ HOME: home, PERCH_HOME: join(home, 'perch') },
          ...{ STAND_IN: join(CHECKOUT, 'e2e/electron/electron'), PERCH_CHROMIUM: provideChromium() },
        },
      });
      page = await app.firstWindow();
      await page.getByRole('navigation', { name: 'Screens' }).waitFor();
    }

    it('keeps the samples, what was inspected and a verdict over a restart', async () => {
      await start();
      const library = new LibraryPage(page);
      await page.getByRole('button', { name: 'Look at the sample textures' }).click();
      await library.start.click();
      await expect.poll(() => library.count.innerText(), PATIENCE).toBe('49 images');
      await page.keyboard.press('2');
      const inspect = new InspectPage(page);
      await inspect.inspected(7);
      const review = new ReviewPage(page);
      await review.start('A. Weber');
      await page.keyboard.press('r');
      await expect.poll(() => review.progress.innerText(), PATIENCE).toContain('1/49');
      await app.close();

      await start();
      await page.keyboard.press('1');
      await expect.poll(() => new LibraryPage(page).count.innerText(), PATIENCE).toBe('49 images');
      await page.keyboard.press('2');
      await page.getByRole('option', { name: /score \d.*, rejected/ }).waitFor();
      await page
        .getByRole('option', { name: /, score \d/ })
        .nth(6)
        .waitFor();
      await page.getByText('rejected by A. Weber').waitFor();
    });

    it('says why each device cannot be used', async () => {
      await start();
      await page.keyboard.press('6');
      const settings = new SettingsPage(page);
      await expect.poll(() => settings.device('CPU').isEnabled(), PATIENCE).toBe(true);
      const text = await page.getByRole('region', { name: /Device/ }).innerText();
      expect(text).not.toMatch(/exit code|Cannot find/i);
      expect(text).toMatch(/DirectML \(Windows\)\s+ONNX Runtime has no directml provider/);
      expect(text).toMatch(/WebGPU\s+(works here|.*adapter)/);
    });
  });
});

/** The environment without what belongs to the checkout. */
function environment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !/^(npm_|NODE_|VITEST)/.test(entry[0]),
    ),
  );
}
