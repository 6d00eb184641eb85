import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

/** Unit and integration tests. The end-to-end tests have configurations in e2e/. */
export default defineConfig({
  plugins: [svelte({ configFile: false })],
  test: {
    include: ['{src-main,src-renderer,native,models,assets,lint}/**/*.spec.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
