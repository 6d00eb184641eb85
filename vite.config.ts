import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

/**
 * Builds the page into `dist/renderer`: plain files under `/`, no inline script and no `eval`, because the content security
 * policy of the page allows only its own origin.
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
    // Everything is loaded from this machine.
    chunkSizeWarningLimit: 1500,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  worker: { format: 'es' },
});
