/**
 * Fetches the Electron binary for its npm package, as the package's own script does, but so that a download that broke off is
 * continued. A process of its own, which ends with its parent; it reports progress and reasons by messages.
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

/** Five times what the binary of any platform takes today. */
const MAX_BYTES = 600e6;

const electronPackage = process.argv[2];
const require = createRequire(join(electronPackage, 'package.json'));
const tell = (message: FetchMessage) => void process.send?.(message);

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
    downloader: { download: resumed },
  });
  const { status, stderr } = spawnSync(process.execPath, [join(electronPackage, 'install.js')], {
    windowsHide: true,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(findErrorLine(stderr) ?? 'its archive cannot be unpacked');
  tell({ type: 'done' });
} catch (thrown) {
  tell({ type: 'failed', reason: thrown instanceof Error ? thrown.message : String(thrown) });
}
process.disconnect();

async function resumed(address: string, target: string): Promise<void> {
  const part = join(electronPackage, '../.cache/perch', `${basename(target)}.part`);
  const { signal } = new AbortController();
  const onProgress = (done: number, total: number) => tell({ type: 'progress', done, total });
  try {
    await download(address, part, { signal, limit: MAX_BYTES, onProgress });
  } catch (thrown) {
    if (!(thrown instanceof DownloadInterrupted)) throw thrown;
    throw new Error(`${address} could not be downloaded: ${thrown.message}`, { cause: thrown });
  }
  // What is checked next is the target: a part with a wrong checksum is gone with it.
  await copyFile(part, target);
  await rm(part);
}
