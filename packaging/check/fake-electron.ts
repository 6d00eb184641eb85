import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the states of fuses begin in an Electron binary (docs/tutorial/fuses.md of Electron). */
const FUSE_SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const FUSE_VERSION = 1;
/** As many as Electron 45 has; all of them off, so that one that is on was flipped. */
const FUSES = '0'.repeat(9);

/** What Electron's archive for Linux has beside the binary. */
const files = [
  ...[
    'LICENSE',
    'LICENSES.chromium.html',
    'chrome-sandbox',
    'chrome_100_percent.pak',
    'chrome_200_percent.pak',
  ],
  ...[
    'chrome_crashpad_handler',
    'icudtl.dat',
    'libEGL.so',
    'libGLESv2.so',
    'libffmpeg.so',
    'libvk_swiftshader.so',
  ],
  ...[
    'libvulkan.so.1',
    'resources.pak',
    'snapshot_blob.bin',
    'v8_context_snapshot.bin',
    'vk_swiftshader_icd.json',
  ],
  ...['locales/de.pak', 'locales/en-US.pak'],
];

/**
 * Writes what stands for a distribution of Electron for Linux, for machines that cannot download it: the names of its files,
 * all empty, and for the binary a shell script that carries fuses.
 *
 * @param script what the script does
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
