import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PerchError } from '../../../common/api/errors.ts';
import { remedyFor } from '../../../platform/remedies.ts';

/** Where to find the Node binary that runs the engine. */
export interface NodeLocation {
  platform: NodeJS.Platform;
  arch: string;
  /** Project folder, in development. */
  project?: string;
  /** Resources folder of the packaged application, which contains Node. */
  resources?: string;
}

/**
 * The Node binary for this machine: the one in the packaged application, else the pinned one that npm installed for this
 * platform.
 *
 * @throws PerchError `NOT_FOUND`
 */
export function findNode({ platform, arch, project, resources }: NodeLocation): string {
  const binary = platform === 'win32' ? 'node.exe' : 'node';
  const system = platform === 'win32' ? 'win' : platform;
  const candidates = [
    ...(resources === undefined ? [] : [join(resources, 'node', binary)]),
    // The names of the npm packages differ by platform.
    ...(project === undefined
      ? []
      : [`node-${system}-${arch}`, `node-bin-${system}-${arch}`].map((name) =>
          join(project, 'node_modules', name, 'bin', binary),
        )),
  ];
  const found = candidates.find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new PerchError(
    'NOT_FOUND',
    `The engine needs its own Node binary, which was not found at ${candidates.join(' or ')}. ` +
      remedyFor('node', resources !== undefined),
  );
}
