/**
 * Packs the checkout in the working directory for this machine, and writes the arguments of the Debian package to `pack.json`:
 * `node packaging/check/pack.ts FOLDER`. `FOLDER/electron/` is a distribution of Electron.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Arch, build, Platform } from 'electron-builder';

/** The arguments that electron-builder passes to `fpm`, which builds the package. */
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
  // electron-builder would download fpm, so stop here.
  async effectiveOptionComputed([args, desktopFile]: [string[], string]) {
    const made: DebianPackage = { args, desktopEntry: await readFile(desktopFile, 'utf8') };
    await writeFile(join(folder, 'pack.json'), JSON.stringify(made));
    return true;
  },
});
