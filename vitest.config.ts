import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

/** Tests in which effects run. */
const CLIENT = 'src-renderer/**/*.client.svelte.spec.ts';

/** Unit and integration tests. The end-to-end tests have configurations in e2e/. */
export default defineConfig({
  plugins: [svelte({ configFile: false })],
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // By default, one core is left idle, half of a small machine.
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        test: {
          name: 'server',
          include: ['{src-main,src-renderer,native,models,assets,lint}/**/*.spec.ts'],
          exclude: [CLIENT],
        },
      },
      {
        extends: true,
        resolve: { conditions: ['browser'] },
        test: {
          name: 'client',
          include: [CLIENT],
          environment: './src-renderer/reactivity/client-environment.ts',
        },
      },
    ],
  },
});
