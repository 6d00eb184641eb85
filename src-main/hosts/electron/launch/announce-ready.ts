import { writeFileSync } from 'node:fs';

/** Names the file in which `npm start` reads how far the desktop shell is. */
export const READY_FILE = 'PERCH_READY_FILE';

/**
 * `starting`: Electron runs our code. `ready`: the person sees something, be it the window, a box that says why there is
 * none, or the window of a Perch that was open already.
 */
export type Stage = 'starting' | 'ready';

/**
 * Tells `npm start` how far the desktop shell is, which otherwise opens Perch in a browser. A file, because it is the same on
 * every platform; it has to be there already, so that the variable makes no file anywhere.
 */
export function announce(stage: Stage, environment: NodeJS.ProcessEnv = process.env): void {
  const file = environment[READY_FILE];
  if (file === undefined) return;
  try {
    writeFileSync(file, stage, { flag: 'r+' });
  } catch {
    // Whoever waited has ended: nobody is left to be told.
  }
}
