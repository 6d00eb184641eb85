import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PerchError } from '../../../common/api/errors.ts';
import { remedyFor } from '../../../platform/remedies.ts';

/** Where to look for the plain Node that runs the engine. */
export interface NodeLocation {
  platform: NodeJS.Platform;
  arch: string;
  /** Folder of the project, in development. */
  project?: string;
  /** Folder of the packaged application's resources; it carries its own Node. */
  resources?: string;
}

/**
 * The plain Node of this machine: the one shipped beside the packaged application, else the pinned one that npm
 * installed for this platform.
 *
 * @throws PerchError `NOT_FOUND`
 */
export function findNode({ platform, arch, project, resources }: NodeLocation): string {
  const binary = platform === 'win32' ? 'node.exe' : 'node';
  const system = platform === 'win32' ? 'win' : platform;
  const candidates = [
    ...(resources === undefined ? [] : [join(resources, 'node', binary)]),
    // The packages of different platforms go by different names.
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
    `The engine needs its own Node, and there is none at ${candidates.join(' or ')}. ` +
      remedyFor('node', resources !== undefined),
  );
}
