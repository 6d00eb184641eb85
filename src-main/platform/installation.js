/**
 * Whether code at this path belongs to the packaged application. electron-builder puts code into `app.asar`, and code for plain Node
 * into `app.asar.unpacked`. A checkout has neither.
 *
 * @param {string} path
 */
export function isPackagedPath(path) {
  return /[\\/]app\.asar(\.unpacked)?[\\/]/.test(path);
}

/** Whether this is the packaged application, not a checkout. This file is JavaScript because `code-cache.js` imports it. */
export const isPackaged = isPackagedPath(import.meta.filename);
