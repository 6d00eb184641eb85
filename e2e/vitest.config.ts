import { defineConfig } from 'vitest/config';

/** Journeys through the built renderer, the browser host and the engine, in a real browser. */
export default defineConfig({
  test: {
    name: 'browser',
    root: import.meta.dirname,
    include: ['**/*.spec.ts'],
    exclude: ['desktop-*.spec.ts', 'electron/**'],
    globalSetup: 'global-setup.ts',
    fileParallelism: false,
    // A journey that fails once on a busy machine is made once more; what is broken fails again.
    retry: 1,
    testTimeout: 90_000,
    // A machine that is busy answers late; a condition that holds is seen at once.
    expect: { poll: { timeout: 30_000, interval: 100 } },
    hookTimeout: 300_000,
  },
});
