import { defineConfig } from 'vitest/config';

/** All end-to-end tests, first in the browser, then on the desktop. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    projects: ['vitest.config.ts', 'vitest.desktop.config.ts'],
  },
});
