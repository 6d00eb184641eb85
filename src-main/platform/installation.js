/**
 * Whether code at this path runs from the packaged application. electron-builder puts it into `app.asar`, and what plain
 * Node runs into `app.asar.unpacked`; a checkout has neither.
 *
 * @param {string} path
 */
export function isPackagedPath(path) {
  return /[\\/]app\.asar(\.unpacked)?[\\/]/.test(path);
}

/** Whether this is the packaged application, and not a checkout with npm. JavaScript, because `code-cache.js` asks. */
export const isPackaged = isPackagedPath(import.meta.filename);
