import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

/**
 * Builds the renderer to `dist/renderer`: plain files under `/`, no inline script and no `eval`, so that the page runs
 * under a policy that allows its own origin alone.
 */
export default defineConfig({
  root: 'src-renderer',
  base: '/',
  plugins: [svelte({ configFile: false })],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'es2024',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    license: { fileName: 'licenses/page.json' },
    // Everything comes from this machine.
    chunkSizeWarningLimit: 1500,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  worker: { format: 'es' },
});
