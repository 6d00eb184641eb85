import { spawnSync } from 'node:child_process';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Arch, type AfterPackContext } from 'electron-builder';
import { faultsOf } from './inspect-package.ts';

/** electron-builder calls this for each packed application, before signing and before it builds installers. */
export default async function afterPack(context: AfterPackContext): Promise<void> {
  const platform = context.electronPlatformName;
  const arch = Arch[context.arch];
  const resources = context.packager.getResourcesDir(context.appOutDir);
  const faults = await faultsOf(resources, platform, arch);
  if (faults.length > 0) {
    const elsewhere = platform !== process.platform || arch !== process.arch;
    throw new Error(
      `The package for ${platform} on ${arch} has the wrong files:\n` +
        faults.map((fault) => `  ${fault}\n`).join('') +
        (elsewhere
          ? `npm installs native modules for the machine that it runs on, ${process.platform} on ${process.arch}: ` +
            `run \`npm ci && npm run package\` on a machine with ${platform} on ${arch}.`
          : 'Run `npm ci && npm run build:native && npm run package`. electron-builder.yml lists what is packaged.'),
    );
  }
  if (platform === 'linux') await stripSymbols(join(resources, 'node/node'));
}

/** Strips Node's symbols, a seventh of its size, if the tool is installed. */
async function stripSymbols(binary: string): Promise<void> {
  const stripped = `${binary}.stripped`;
  // Never in place, because the file may be a hard link to the one in node_modules.
  const { status } = spawnSync('strip', ['-o', stripped, binary], { stdio: 'ignore' });
  if (status === 0) await rename(stripped, binary);
  else await rm(stripped, { force: true });
}
