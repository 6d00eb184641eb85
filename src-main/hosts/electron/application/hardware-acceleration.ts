import type { App } from 'electron';
import type { Preferences } from './preferences.ts';

/** A GPU process that crashed this often is not used at the next start. */
const CRASHES_ALLOWED = 3;

/**
 * Decides, before the application is ready, whether Chromium draws with the GPU. It does not by preference, with
 * `--disable-gpu`, and after repeated crashes of its GPU process, which are common in virtual machines.
 *
 * @returns why the GPU is not used, where Perch decided so
 */
export function configureHardwareAcceleration(
  app: App,
  preferences: Preferences,
): 'by preference' | 'after crashes' | undefined {
  if (app.commandLine.hasSwitch('disable-gpu')) return undefined;
  const { hardwareAcceleration, gpuCrashes } = preferences.values;
  if (!hardwareAcceleration || gpuCrashes >= CRASHES_ALLOWED) {
    app.disableHardwareAcceleration();
    return hardwareAcceleration ? 'after crashes' : 'by preference';
  }
  let crashed = false;
  app.on('child-process-gone', (_event, { type, reason }) => {
    if (type !== 'GPU' || reason === 'clean-exit' || reason === 'killed') return;
    crashed = true;
    preferences.change({ gpuCrashes: preferences.values.gpuCrashes + 1 });
  });
  app.on('will-quit', () => {
    if (!crashed && preferences.values.gpuCrashes > 0) preferences.change({ gpuCrashes: 0 });
  });
  return undefined;
}
