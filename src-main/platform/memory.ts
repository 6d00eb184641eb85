import { readFileSync } from 'node:fs';
import os from 'node:os';
import { dirname, join } from 'node:path';

/**
 * Memory in bytes that this process may use at most: the machine's, or less where a container or a service is limited to less
 * (cgroups of Linux, version 1 and 2). Exceeding the limit gets the engine killed.
 */
export function memoryLimit(): number {
  const constrained = process.constrainedMemory();
  // 0 where the system does not say.
  return Math.min(os.totalmem(), constrained > 0 ? constrained : Infinity, ...cgroupLimits());
}

type ReadText = (path: string) => string | undefined;

/**
 * Limits of the cgroup of this process and of those above it; each of them holds. Node's own figure is that of the innermost
 * alone.
 */
export function cgroupLimits(read: ReadText = readText): number[] {
  const memberships = (read('/proc/self/cgroup') ?? '')
    .split('\n')
    .map((line) => /^\d+:([^:]*):(.*)$/.exec(line));
  return memberships.flatMap((membership) => {
    const [, controllers, path] = membership ?? [];
    if (path === undefined) return [];
    if (controllers === '') return limitsAlong('/sys/fs/cgroup', path, 'memory.max', read);
    if (!controllers.split(',').includes('memory')) return [];
    return limitsAlong('/sys/fs/cgroup/memory', path, 'memory.limit_in_bytes', read);
  });
}

/** In a container the path may be that outside of it; its own root is there all the same. */
function limitsAlong(mount: string, path: string, file: string, read: ReadText): number[] {
  const limits: number[] = [];
  for (let at = path; ; at = dirname(at)) {
    const limit = Number(read(join(mount, at, file)) ?? NaN);
    if (limit > 0) limits.push(limit);
    if (at === dirname(at)) return limits;
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
