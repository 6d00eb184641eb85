import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks per second in /proc. */
const TICKS = 100;

/** CPU time in milliseconds of a process of Linux and of its children, including those that ended. */
export function treeCpuMs(pid: number): number {
  let ticks = 0;
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    let fields: string[];
    try {
      const text = readFileSync(`/proc/${name}/stat`, 'utf8');
      fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    } catch {
      continue;
    }
    const [, parent] = fields;
    const [user, system, childUser, childSystem] = fields.slice(11, 15).map(Number);
    if (Number(name) === pid) ticks += user + system + childUser + childSystem;
    else if (Number(parent) === pid) ticks += user + system;
  }
  return (1000 * ticks) / TICKS;
}
