import { readFileSync } from 'node:fs';
import os from 'node:os';
import { dirname, join } from 'node:path';

/**
 * The memory in bytes that this process may use: the machine's memory, or the limit of its container or
 * service if that is lower (Linux cgroups, version 1 and 2). Linux kills a process that exceeds the limit.
 */
export function memoryLimit(): number {
  const constrained = process.constrainedMemory();
  // 0 if the system does not report a limit.
  return Math.min(os.totalmem(), constrained > 0 ? constrained : Infinity, ...cgroupLimits());
}

/** The memory that a single computation may plan to use. The rest is left for caches, decoding and the runtime. */
export function memoryBudget(): number {
  return 0.8 * memoryLimit();
}

type ReadText = (path: string) => string | undefined;

/**
 * The limits of this process's cgroup and of its ancestors, all of which apply. Node reports only the
 * innermost limit.
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

/** Inside a container, the path may be the one outside it. The container's root directory always exists. */
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
