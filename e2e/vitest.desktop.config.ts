import { defineConfig } from 'vitest/config';
import { shared } from './vitest.shared.ts';

/** End-to-end tests of the built desktop application, in Electron or its stand-in (electron/README.md). */
export default defineConfig({
  test: {
    ...shared,
    name: 'desktop',
    env: { PERCH_E2E: 'desktop' },
    // These test the browser host.
    exclude: ['crash-recovery.spec.ts', 'reconnect.spec.ts', 'start-command.spec.ts'],
  },
});
