import { join } from 'node:path';
import { app } from 'electron';
import type { EngineOptions } from '../../../engine/client/engine-client.ts';
import { findNode } from './node-binary.ts';

/** The Node binary and the entry of the engine. Both are outside the archive, which plain Node cannot read. */
export function engineOptions(root: string): EngineOptions {
  const { platform, arch, resourcesPath } = process;
  if (!app.isPackaged)
    return {
      node: findNode({ platform, arch, project: root }),
      entry: join(root, 'dist/engine/main.mjs'),
    };
  return {
    node: findNode({ platform, arch, resources: resourcesPath }),
    entry: join(resourcesPath, 'app.asar.unpacked/dist/engine/main.mjs'),
  };
}
