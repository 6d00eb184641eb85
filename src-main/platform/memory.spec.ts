import os from 'node:os';
import { expect, it } from 'vitest';
import { cgroupLimits, memoryLimit } from './memory.ts';

const GIB = 2 ** 30;
const system = (files: Record<string, string>) => (path: string) => files[path];

it('does not exceed the memory of the machine', () => {
  expect(memoryLimit()).toBeGreaterThan(0);
  expect(memoryLimit()).toBeLessThanOrEqual(os.totalmem());
});

it('respects limits of cgroups version 2, including those of ancestors', () => {
  const read = system({
    '/proc/self/cgroup': '0::/user.slice/perch.service',
    '/sys/fs/cgroup/user.slice/perch.service/memory.max': 'max',
    '/sys/fs/cgroup/user.slice/memory.max': String(2 * GIB),
  });
  expect(cgroupLimits(read)).toEqual([2 * GIB]);
});

it('respects limits of cgroups version 1, whose path is the one outside the container', () => {
  const read = system({
    '/proc/self/cgroup': '9:name=systemd:/docker/1f\n4:cpu,memory:/docker/1f\n0::/docker/1f',
    '/sys/fs/cgroup/memory/memory.limit_in_bytes': String(GIB),
  });
  expect(cgroupLimits(read)).toEqual([GIB]);
});

it('has no further limit without cgroups', () => {
  expect(cgroupLimits(system({}))).toEqual([]);
});
