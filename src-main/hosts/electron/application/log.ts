import { join } from 'node:path';
import log from 'electron-log/node.js';

/** Maximum size. A larger log file is renamed to `perch.old.log`, and a new one is started. */
const MAX_BYTES = 5 * 2 ** 20;

/** The log of the desktop application: one file, with a scope per line. */
export interface ApplicationLog {
  readonly file: string;
  host: Pick<Console, 'info' | 'warn' | 'error'>;
  engine: Pick<Console, 'info' | 'warn' | 'error'>;
  page: Pick<Console, 'info' | 'warn' | 'error'>;
}

/**
 * Opens the log. It also receives the host's console output and uncaught errors. The application keeps
 * running after an uncaught error, because a bug in one part should not end the others.
 *
 * @param folder the log folder of the platform
 */
export function openLog(folder: string): ApplicationLog {
  const file = join(folder, 'perch.log');
  const { file: toFile, console: toConsole } = log.transports;
  toFile.setAppName('Perch');
  toFile.resolvePathFn = () => file;
  toFile.maxSize = MAX_BYTES;
  toFile.format = '{y}-{m}-{d} {h}:{i}:{s}.{ms} {level} {scope} {text}';
  toConsole.format = '{text}';
  toConsole.level = 'warn';
  log.errorHandler.startCatching({ showDialog: false });
  const host = log.scope('host');
  Object.assign(console, { log: host.info, info: host.info, warn: host.warn, error: host.error });
  return { file, host, engine: log.scope('engine'), page: log.scope('page') };
}
