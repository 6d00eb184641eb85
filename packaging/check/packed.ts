import { execFile } from 'node:child_process';
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { extractFile } from '@electron/asar';
import { packedFiles } from '../contents.ts';
import { writeFakeElectron } from './fake-electron.ts';
import { mirrorCheckout } from './mirror.ts';
import type { DebianPackage } from './pack.ts';

const run = promisify(execFile);

/** A packed application, alone in a temporary folder: the checkout that it was packed from is gone. */
export interface Packed {
  /** Folder of the application. */
  folder: string;
  resources: string;
  /** Starts the window, once the archive is a folder. */
  executable: string;
  debian: DebianPackage;
  /** What electron-builder wrote. */
  log: string;
  remove(): Promise<void>;
}

/** Starts the program of `STAND_IN` with the packed application, in place of Electron (e2e/electron). */
const startStandIn = `here=$(dirname "$(readlink -f "$0")")
STAND_IN_RESOURCES="$here/resources" STAND_IN_EXECUTABLE="$0" exec "$STAND_IN" "$@"`;

/** Packs a copy of the checkout over a fake distribution of Electron and removes the copy. */
export async function packCheckout(checkout: string): Promise<Packed> {
  const temporary = await realpath(await mkdtemp(join(tmpdir(), 'perch-package-')));
  const copy = join(temporary, 'checkout');
  const remove = () => rm(temporary, { recursive: true, force: true });
  try {
    await writeFakeElectron(join(temporary, 'electron'), startStandIn);
    await mirrorCheckout(checkout, copy);
    const packing = run(process.execPath, ['packaging/check/pack.ts', temporary], { cwd: copy });
    const { stdout, stderr } = await packing;
    const debian = JSON.parse(await readFile(join(temporary, 'pack.json'), 'utf8')) as DebianPackage;
    await rm(copy, { recursive: true });
    await rm(join(temporary, 'electron'), { recursive: true });
    const folder = join(temporary, 'Perch');
    await rename(join(temporary, 'release', unpackedName), folder);
    return {
      folder,
      resources: join(folder, 'resources'),
      executable: join(folder, 'perch-desktop'),
      debian,
      log: stdout + stderr,
      remove,
    };
  } catch (thrown) {
    await remove();
    throw thrown;
  }
}

const unpackedName = process.arch === 'x64' ? 'linux-unpacked' : `linux-${process.arch}-unpacked`;

/**
 * Turns the archive into a folder of its name, because plain Node, which stands for Electron, reads no archives. What lies
 * unpacked is seen in it, as Electron shows it.
 */
export async function unfoldArchive({ resources }: Packed): Promise<void> {
  const archive = join(resources, 'app.asar');
  const folder = `${archive}.folder`;
  const unpacked = await filesBelow(`${archive}.unpacked`);
  for (const { path } of (await packedFiles(resources)).filter(({ path }) => path.startsWith('app.asar/'))) {
    const name = path.slice('app.asar/'.length);
    await mkdir(join(folder, dirname(name)), { recursive: true });
    await writeFile(join(folder, name), extractFile(archive, name));
  }
  for (const name of unpacked) {
    await mkdir(join(folder, dirname(name)), { recursive: true });
    await symlink(join(`${archive}.unpacked`, name), join(folder, name));
  }
  await rm(archive);
  await rename(folder, archive);
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}
