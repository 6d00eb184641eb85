/**
 * Packs the checkout that it is run in for this machine, and writes to `pack.json` what the Debian package would be made with:
 * `node packaging/check/pack.ts FOLDER`, in which `electron/` is a distribution of Electron.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Arch, build, Platform } from 'electron-builder';

/** What electron-builder hands to `fpm`, which makes the package. */
export interface DebianPackage {
  args: string[];
  desktopEntry: string;
}

const folder = process.argv[2];
const arch = Arch[process.arch as 'x64' | 'arm64'];

await build({
  targets: Platform.LINUX.createTarget(['dir', 'deb'], arch),
  publish: 'never',
  config: {
    electronDist: join(folder, 'electron'),
    directories: { output: join(folder, 'release') },
  },
  // It would be downloaded to make the package, so that is as far as it goes.
  async effectiveOptionComputed([args, desktopFile]: [string[], string]) {
    const made: DebianPackage = { args, desktopEntry: await readFile(desktopFile, 'utf8') };
    await writeFile(join(folder, 'pack.json'), JSON.stringify(made));
    return true;
  },
});
