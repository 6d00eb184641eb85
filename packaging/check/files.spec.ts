import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { Arch, type AfterPackContext } from 'electron-builder';
import { describe, expect, inject, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import afterPack from '../after-pack.ts';
import { packedFiles } from '../contents.ts';
import { faultsOf } from '../inspect-package.ts';
import type { Packed } from './packed.ts';
import { sizesOf } from './sizes.ts';

const CHECKOUT = join(import.meta.dirname, '../..');
/** State of an enabled fuse. */
const ON = '1'.charCodeAt(0);
const { platform, arch } = process;
const packed = inject('packed') as Packed;

describe.skipIf(packed === undefined)('the package', () => {
  const faults = () => faultsOf(packed.resources, platform, arch);

  it('contains exactly the files of the allowlist, for this machine', async () => {
    expect(await faults()).toEqual([]);
  });

  it('fails with an extra file', async () => {
    const file = join(packed.resources, 'app.asar.unpacked/dist/engine/results.db');
    await writeFile(file, '');
    expect(await faults()).toEqual([expect.stringMatching(/results\.db is not on .*allowlist/)]);
    await rm(file);
  });

  it('fails with a missing part, or with one for another CPU', async () => {
    const file = join(packed.resources, 'app.asar.unpacked/native/build/Release/perch.node');
    await rename(file, `${file}.away`);
    expect(await faults()).toContainEqual(expect.stringMatching(/perch\.node is missing/));
    const binary = await readFile(`${file}.away`);
    // The CPU in an ELF header: 64-bit RISC-V.
    binary.writeUInt16LE(0xf3, 18);
    await writeFile(file, binary);
    expect(await faults()).toContainEqual(expect.stringMatching(/perch\.node is for linux on .*0xf3/));
    await writeFile(file, 'no binary');
    expect(await faults()).toContainEqual(expect.stringMatching(/perch\.node is not a binary/));
    await rename(`${file}.away`, file);
  });

  it('fails for another machine, and names the fix', async () => {
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

  it('contains no update configuration, which only a release has', async () => {
    const files = await packedFiles(packed.resources);
    expect(files.filter(({ path }) => /app-update|package-type/.test(path))).toEqual([]);
  });

  it('contains the files of Electron outside its resources', async () => {
    const names = (await readdir(packed.folder)).filter((name) => !/\.(pak|so|bin|dat)$/.test(name));
    expect(names.sort()).toEqual(
      [
        'LICENSE.electron.txt',
        'LICENSES.chromium.html',
        'chrome-sandbox',
        'chrome_crashpad_handler',
        'libvulkan.so.1',
        'locales',
        'perch-desktop',
        'resources',
        'vk_swiftshader_icd.json',
      ].sort(),
    );
  });

  it('stays within its size limit', async () => {
    const files = await packedFiles(packed.resources);
    const total = files.reduce((sum, { bytes }) => sum + bytes / 1e6, 0);
    const rows = [...sizesOf(files), ['together, without Electron', total] as const];
    console.log(rows.map(([part, size]) => `${part.padEnd(48)}${size.toFixed(1).padStart(8)} MB`).join('\n'));
    const archived = files.filter(({ path }) => path.startsWith('app.asar/'));
    // A tenth above 6.39 MB: the main process (4.81), of which the clients of queues and brokers are half, and the page (1.34).
    expect(archived.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(7e6);
    expect(total).toBeLessThan(210);
  });

  it('contains no path of the checkout', async () => {
    const files = await readdir(packed.resources, { recursive: true, withFileTypes: true });
    const texts = files.filter((entry) => entry.isFile() && /\.(asar|m?js|cjs|json|txt)$/.test(entry.name));
    for (const entry of texts) {
      const content = await readFile(join(entry.parentPath, entry.name), 'latin1');
      expect(content.includes(CHECKOUT), entry.name).toBe(false);
      expect(content.includes('perch-package-'), entry.name).toBe(false);
    }
  });

  it("contains its parts' licenses", async () => {
    const text = await readFile(join(packed.resources, 'licenses.txt'), 'utf8');
    for (const part of ['sharp-libvips', 'onnxruntime-node', 'electron', 'node-linux', 'svelte', 'zod'])
      expect(text).toContain(part);
    expect(text).toContain('GNU LESSER GENERAL PUBLIC LICENSE');
  });

  it('has the fuses of Electron’s security checklist', async () => {
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
});
