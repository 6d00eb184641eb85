import { defineConfig } from 'vitest/config';
import { shared } from './vitest.shared.ts';

/** Tests of the browser host. */
const BROWSER_HOST = ['crash-recovery.spec.ts', 'reconnect.spec.ts', 'start-command.spec.ts'];

/** End-to-end tests of the built desktop application, in Electron or its stand-in (electron/README.md). */
export default defineConfig({
  test: {
    ...shared,
    name: 'desktop',
    env: { PERCH_E2E: 'desktop' },
    exclude: BROWSER_HOST,
  },
});
