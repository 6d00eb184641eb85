import { execFile } from 'node:child_process';
import { mkdtemp, readFile, realpath, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeFakeElectron } from './fake-electron.ts';
import { mirrorCheckout } from './mirror.ts';
import type { DebianPackage } from './pack.ts';

/** A packed application in a temporary folder, without the checkout that it was packed from. */
export interface Packed {
  /** Folder of the application. */
  folder: string;
  resources: string;
  /** Starts the window if the archive is a folder (unfolded.ts). */
  executable: string;
  debian: DebianPackage;
}

/** Starts the packed application in the stand-in for Electron that `STAND_IN` names (e2e/electron). */
const startStandIn = `here=$(dirname "$(readlink -f "$0")")
STAND_IN_RESOURCES="$here/resources" STAND_IN_EXECUTABLE="$0" exec "$STAND_IN" "$@"`;

/**
 * Packs a copy of the checkout over a fake distribution of Electron and removes the copy.
 *
 * @returns the packed application and a clean-up function
 */
export async function packCheckout(
  checkout: string,
): Promise<{ packed: Packed; remove: () => Promise<void> }> {
  const temporary = await realpath(await mkdtemp(join(tmpdir(), 'perch-package-')));
  const copy = join(temporary, 'checkout');
  const remove = () => rm(temporary, { recursive: true, force: true });
  try {
    await writeFakeElectron(join(temporary, 'electron'), startStandIn);
    await mirrorCheckout(checkout, copy);
    await promisify(execFile)(process.execPath, ['packaging/check/pack.ts', temporary], { cwd: copy });
    const debian = JSON.parse(await readFile(join(temporary, 'pack.json'), 'utf8')) as DebianPackage;
    await rm(copy, { recursive: true });
    await rm(join(temporary, 'electron'), { recursive: true });
    const folder = join(temporary, 'Perch');
    await rename(join(temporary, 'release', unpackedName), folder);
    const resources = join(folder, 'resources');
    return { packed: { folder, resources, executable: join(folder, 'perch-desktop'), debian }, remove };
  } catch (thrown) {
    await remove();
    throw thrown;
  }
}

const unpackedName = process.arch === 'x64' ? 'linux-unpacked' : `linux-${process.arch}-unpacked`;
