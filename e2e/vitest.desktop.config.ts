import { defineConfig } from 'vitest/config';

/**
 * The same journeys and those of the desktop alone through the built desktop application: in the real Electron where
 * there is one, else in the stand-in (electron/README.md).
 */
export default defineConfig({
  test: {
    name: 'desktop',
    root: import.meta.dirname,
    include: ['**/*.spec.ts'],
    // Of the browser's host alone.
    exclude: ['killed.spec.ts', 'lost.spec.ts', 'start.spec.ts'],
    globalSetup: 'global-setup.ts',
    env: { PERCH_E2E: 'desktop' },
    fileParallelism: false,
    // A journey that fails once on a busy machine is made once more; what is broken fails again.
    retry: 1,
    testTimeout: 90_000,
    // A machine that is busy answers late; a condition that holds is seen at once.
    expect: { poll: { timeout: 30_000, interval: 100 } },
    hookTimeout: 300_000,
  },
});
