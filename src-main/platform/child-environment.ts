import { delimiter } from 'node:path';

/** Variables of an AppImage launcher, which are intended only for the launcher. */
const APPIMAGE_ONLY = new Set(['APPDIR', 'APPIMAGE', 'ARGV0', 'OWD']);

/**
 * The environment for a child process: the parent's, without variables that change which code the child runs.
 *
 * Drops `NODE_*` and `ELECTRON_*`: `NODE_OPTIONS`, which VS Code's auto-attach sets, preloads modules into plain Node and would bypass
 * the fuses of the packaged Electron. Also drops the folders that an AppImage adds to search paths (`LD_LIBRARY_PATH`, `PATH`,
 * `XDG_DATA_DIRS`), because they disappear when the AppImage exits.
 */
export function childEnvironment(parent: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return withoutAppImage(parent, (name) => name.startsWith('NODE_') || name.startsWith('ELECTRON_'));
}

/**
 * The environment for Electron. Keeps the user's `ELECTRON_*` settings, except the one that makes it run as
 * plain Node.
 */
export function electronEnvironment(parent: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return withoutAppImage(parent, (name) => name.startsWith('NODE_') || name === 'ELECTRON_RUN_AS_NODE');
}

function withoutAppImage(parent: NodeJS.ProcessEnv, dropped: (name: string) => boolean): NodeJS.ProcessEnv {
  const mounted = parent.APPDIR;
  const remaining: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(parent)) {
    // Names of variables are case-insensitive on Windows.
    const upper = name.toUpperCase();
    if (value === undefined || APPIMAGE_ONLY.has(upper) || dropped(upper)) continue;
    const own = mounted ? outside(mounted, value) : value;
    if (own !== undefined) remaining[name] = own;
  }
  return remaining;
}

/** The entries of a search path outside a folder; undefined if none remains. Values without that folder do not change. */
function outside(folder: string, value: string): string | undefined {
  if (!value.includes(folder)) return value;
  const within = (entry: string) => entry === folder || entry.startsWith(`${folder}/`);
  // An empty entry means the working directory. The launcher adds one if the variable was not set before.
  const entries = value.split(delimiter).filter((entry) => entry !== '' && !within(entry));
  return entries.length > 0 ? entries.join(delimiter) : undefined;
}
