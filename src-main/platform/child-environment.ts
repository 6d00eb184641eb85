import { delimiter } from 'node:path';

/** Set by an AppImage's launcher for itself alone. */
const APPIMAGE_ONLY = new Set(['APPDIR', 'APPIMAGE', 'ARGV0', 'OWD']);

/**
 * The environment of a child process: ours, without what would change which code it runs.
 *
 * `NODE_*` goes (`NODE_OPTIONS` preloads modules into a plain Node, which would also undo the fuses of the packaged
 * Electron; VS Code's auto-attach sets it), and so does `ELECTRON_*`. What an AppImage put in front of search paths
 * (`LD_LIBRARY_PATH`, `PATH`, `XDG_DATA_DIRS`) goes too: those folders are its own and gone once it ends.
 */
export function childEnvironment(parent: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return withoutAppImage(parent, (name) => name.startsWith('NODE_') || name.startsWith('ELECTRON_'));
}

/** The same for Electron itself, which keeps the settings that a person gave it, but always runs as Electron. */
export function electronEnvironment(parent: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return withoutAppImage(parent, (name) => name.startsWith('NODE_') || name === 'ELECTRON_RUN_AS_NODE');
}

function withoutAppImage(parent: NodeJS.ProcessEnv, dropped: (name: string) => boolean): NodeJS.ProcessEnv {
  const mounted = parent.APPDIR;
  const kept: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(parent)) {
    // Names of variables are the same in any case on Windows.
    const upper = name.toUpperCase();
    if (value === undefined || APPIMAGE_ONLY.has(upper) || dropped(upper)) continue;
    const own = mounted ? outside(mounted, value) : value;
    if (own !== undefined) kept[name] = own;
  }
  return kept;
}

/** The entries of a search path that lie outside a folder; undefined where none is left. Other values stay as they are. */
function outside(folder: string, value: string): string | undefined {
  if (!value.includes(folder)) return value;
  const within = (entry: string) => entry === folder || entry.startsWith(`${folder}/`);
  // An empty entry means the working directory: the launcher leaves one where the variable was not set before.
  const entries = value.split(delimiter).filter((entry) => entry !== '' && !within(entry));
  return entries.length > 0 ? entries.join(delimiter) : undefined;
}
