import { writeFileSync } from 'node:fs';

/** Environment variable with the file in which `npm start` reads the start-up stage of the desktop application. */
export const READY_FILE = 'PERCH_READY_FILE';

/**
 * `starting`: Electron runs our code. `ready`: something is on screen: the window, an error message, or the window of an
 * instance that was already running.
 */
export type Stage = 'starting' | 'ready';

/**
 * Reports the stage to `npm start`, which otherwise opens Perch in a browser. A file works the same on every platform. It must
 * exist already, so that the variable cannot create files.
 */
export function announce(stage: Stage, environment: NodeJS.ProcessEnv = process.env): void {
  const file = environment[READY_FILE];
  if (file === undefined) return;
  try {
    writeFileSync(file, stage, { flag: 'r+' });
  } catch {
    // The waiting process has ended.
  }
}
