import { defineConfig } from 'vitest/config';

/** The package as it ships: packed over a fake distribution of Electron, and run with the checkout out of sight. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.spec.ts'],
    globalSetup: 'check/global-setup.ts',
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
