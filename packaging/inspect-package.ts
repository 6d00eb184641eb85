import { join } from 'node:path';
import { allowlist, names } from './allowlist.ts';
import { machinesOf } from './binaries.ts';
import { packedFiles } from './contents.ts';

/** Number of faults listed per category. */
const NAMED = 20;

/**
 * All faults in a packed application's files, one sentence each: files that must not exist, missing parts,
 * and binaries for another platform or CPU.
 *
 * @param resources the application's resources folder
 */
export async function faultsOf(resources: string, platform: string, arch: string): Promise<string[]> {
  const allowed = allowlist(platform, arch);
  const files = (await packedFiles(resources)).map(({ path }) => path);
  const strange = files.filter((path) => !allowed.some((entry) => names(entry, path)));
  const missing = allowed.filter((entry) => !entry.optional && !files.some((path) => names(entry, path)));
  const foreign: string[] = [];
  for (const path of files.filter((path) => !path.startsWith('app.asar/'))) {
    const machines = await machinesOf(join(resources, path));
    const fits = machines.some((machine) => machine.platform === platform && machine.arch === arch);
    const isFor = machines.map((machine) => `${machine.platform} on ${machine.arch}`).join(', ');
    if (machines.length > 0 && !fits) foreign.push(`${path} is for ${isFor}.`);
    else if (machines.length === 0 && allowed.some((entry) => entry.native && names(entry, path)))
      foreign.push(`${path} is not a binary.`);
  }
  return [
    ...shortened(strange.map((path) => `${path} is not on packaging/allowlist.ts.`)),
    ...shortened(missing.map(({ pattern, reason }) => `${pattern} is missing (${reason}).`)),
    ...shortened(foreign),
  ];
}

function shortened(faults: string[]): string[] {
  const rest = faults.length - NAMED;
  return rest > 0 ? [...faults.slice(0, NAMED), `and ${rest} more of the same kind.`] : faults;
}
