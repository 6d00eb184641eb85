import type { App } from 'electron';
import type { Preferences } from './preferences.ts';

/** After this many crashes of the GPU process, the next start does not use the GPU. */
const MAX_CRASHES = 3;

/**
 * Decides, before the application is ready, whether Chromium uses the GPU. It does not if the preference is off, with
 * `--disable-gpu`, and after repeated crashes of its GPU process, which are common in virtual machines.
 *
 * @returns why Perch turned the GPU off, if it did
 */
export function configureHardwareAcceleration(
  app: App,
  preferences: Preferences,
): 'by preference' | 'after crashes' | undefined {
  if (app.commandLine.hasSwitch('disable-gpu')) return undefined;
  const { hardwareAcceleration, gpuCrashes } = preferences.values;
  if (!hardwareAcceleration || gpuCrashes >= MAX_CRASHES) {
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
