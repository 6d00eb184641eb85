import { defineConfig } from 'vitest/config';
import { shared } from './vitest.shared.ts';

/** End-to-end tests of the built renderer, the browser host and the engine in Chromium. */
export default defineConfig({
  test: { ...shared, name: 'browser', exclude: ['desktop-*.spec.ts', 'electron/**'] },
});
