import { defineConfig } from 'vitest/config';

/** Every journey, in the browser and on the desktop, one at a time. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    projects: ['vitest.config.ts', 'vitest.desktop.config.ts'],
    fileParallelism: false,
  },
});
