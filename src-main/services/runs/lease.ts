import { randomUUID } from 'node:crypto';
import os from 'node:os';

/** A globally unique worker id, which identifies a lease holder. */
export function createWorkerId(): string {
  return `${os.hostname()} ${process.pid} ${randomUUID()}`;
}

/** Whether the worker was a process of this machine that has ended. Its runs can be claimed before the lease expires. */
export function isProcessDead(owner: string): boolean {
  const [host, pid] = owner.split(' ');
  if (host !== os.hostname()) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** Describes a lease holder for the user. */
export function describeLeaseOwner(owner: string, work = 'is working on this run'): string {
  const [host, pid] = owner.split(' ');
  return `Another Perch ${work} (process ${pid} on ${host}).`;
}
