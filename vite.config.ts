import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

/**
 * Builds the renderer to `dist/renderer`: plain files under `/`, no inline script and no `eval`, so that the page runs
 * under a policy that allows its own origin alone. Specs run from the project's root.
 */
export default defineConfig(({ mode }) => ({
  root: mode === 'test' ? '.' : 'src-renderer',
  base: '/',
  plugins: [svelte()],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'es2024',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  worker: { format: 'es' },
  test: { exclude: ['**/node_modules/**', '**/dist/**', 'e2e/**'] },
}));
