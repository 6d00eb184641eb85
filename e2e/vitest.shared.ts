import type { ViteUserConfig } from 'vitest/config';

/** Settings of the end-to-end tests on both hosts. Each file has a host and a data directory of its own. */
export const shared: ViteUserConfig['test'] = {
  root: import.meta.dirname,
  include: ['**/*.spec.ts'],
  globalSetup: 'harness/global-setup.ts',
  // A test waits for most of its time.
  maxWorkers: 2,
  retry: 1,
  testTimeout: 90_000,
  expect: { poll: { timeout: 30_000, interval: 100 } },
  hookTimeout: 300_000,
};
