import { randomUUID } from 'node:crypto';
import os from 'node:os';

/** A name of this process, as the owner of runs, that no other process ever has. */
export function createWorkerId(): string {
  return `${os.hostname()} ${process.pid} ${randomUUID()}`;
}

/** Whether the owner was a process of this machine that is no more: its runs need not wait until its word runs out. */
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

/** Who works on a run, for people. */
export function describeLeaseOwner(owner: string): string {
  const [host, pid] = owner.split(' ');
  return `Another Perch is working on this run (process ${pid} on ${host}).`;
}
