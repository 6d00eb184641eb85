import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

/** Unit and integration tests; the journeys in a browser have their own configuration in e2e/. */
export default defineConfig({
  plugins: [svelte({ configFile: false })],
  test: {
    include: ['{src-main,src-renderer,native,models,assets,lint}/**/*.spec.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
