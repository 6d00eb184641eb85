import type { ViteUserConfig } from 'vitest/config';

/**
 * Settings of the end-to-end tests on both hosts. The tests share one machine, so the files run one after
 * another.
 */
export const shared: ViteUserConfig['test'] = {
  root: import.meta.dirname,
  include: ['**/*.spec.ts'],
  globalSetup: 'harness/global-setup.ts',
  fileParallelism: false,
  retry: 1,
  testTimeout: 90_000,
  expect: { poll: { timeout: 30_000, interval: 100 } },
  hookTimeout: 300_000,
};
