import { defineConfig } from 'vitest/config';

/** Tests of the package: packed over a fake distribution of Electron, and run without the checkout. */
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
