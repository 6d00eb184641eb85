import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Marks the start of the fuse states in an Electron binary (Electron's docs/tutorial/fuses.md). */
const FUSE_SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const FUSE_VERSION = 1;
/** The number of fuses in Electron 45. All are off, so a fuse that is on was flipped. */
const FUSES = '0'.repeat(9);

/** Files in Electron's archive for Linux, without the binary. */
const files = [
  'LICENSE',
  'LICENSES.chromium.html',
  'chrome-sandbox',
  'chrome_100_percent.pak',
  'chrome_200_percent.pak',
  'chrome_crashpad_handler',
  'icudtl.dat',
  'libEGL.so',
  'libGLESv2.so',
  'libffmpeg.so',
  'libvk_swiftshader.so',
  'libvulkan.so.1',
  'resources.pak',
  'snapshot_blob.bin',
  'v8_context_snapshot.bin',
  'vk_swiftshader_icd.json',
  'locales/de.pak',
  'locales/en-US.pak',
];

/**
 * Writes a fake distribution of Electron for Linux, for machines that cannot download it: files with the right names, all
 * empty, and a shell script with fuses as the binary.
 *
 * @param script body of the shell script
 */
export async function writeFakeElectron(folder: string, script: string): Promise<void> {
  await mkdir(join(folder, 'locales'), { recursive: true });
  await mkdir(join(folder, 'resources'));
  for (const name of files) await writeFile(join(folder, name), '');
  const wire = Buffer.concat([
    Buffer.from(FUSE_SENTINEL),
    Buffer.from([FUSE_VERSION, FUSES.length]),
    Buffer.from(FUSES),
  ]);
  const binary = join(folder, 'electron');
  await writeFile(binary, Buffer.concat([Buffer.from(`#!/bin/sh\n${script}\nexit\n`), wire]));
  await chmod(binary, 0o755);
}
