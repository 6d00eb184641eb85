/**
 * Downloads the Electron binary for its npm package, as the package's own script does, but resumes an interrupted download.
 * Runs in a child process that ends with its parent, and reports progress and errors as messages.
 *
 *     node fetch-electron.ts FOLDER_OF_THE_PACKAGE
 */
import { spawnSync } from 'node:child_process';
import { copyFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { downloadArtifact } from '@electron/get';
import { DownloadInterrupted, download } from '../../../files/download.ts';
import type { FetchMessage } from './electron-binary.ts';
import { findErrorLine } from './launch-electron.ts';

/** Maximum download size: five times the size of the largest binary today. */
const MAX_BYTES = 600e6;

const electronPackage = process.argv[2];
const require = createRequire(join(electronPackage, 'package.json'));
const report = (message: FetchMessage) => void process.send?.(message);

process.on('disconnect', () => process.exit());
try {
  const { version } = require('./package.json') as { version: string };
  const checksums = require('./checksums.json') as Record<string, string>;
  const cacheRoot = process.env.electron_config_cache;
  await downloadArtifact({
    version,
    artifactName: 'electron',
    platform: process.platform,
    arch: process.arch,
    checksums,
    ...(cacheRoot !== undefined && { cacheRoot }),
    downloader: { download: resumeDownload },
  });
  const { status, stderr } = spawnSync(process.execPath, [join(electronPackage, 'install.js')], {
    windowsHide: true,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(findErrorLine(stderr) ?? 'its archive cannot be extracted');
  report({ type: 'done' });
} catch (thrown) {
  report({ type: 'failed', reason: thrown instanceof Error ? thrown.message : String(thrown) });
}
process.disconnect();

async function resumeDownload(address: string, target: string): Promise<void> {
  const part = join(electronPackage, '../.cache/perch', `${basename(target)}.part`);
  const { signal } = new AbortController();
  const onProgress = (done: number, total: number) => report({ type: 'progress', done, total });
  try {
    await download(address, part, { signal, limit: MAX_BYTES, onProgress });
  } catch (thrown) {
    if (!(thrown instanceof DownloadInterrupted)) throw thrown;
    throw new Error(`Could not download ${address}: ${thrown.message}`, { cause: thrown });
  }
  // The caller verifies the target and deletes it if its checksum is wrong, so the part is removed as well.
  await copyFile(part, target);
  await rm(part);
}
