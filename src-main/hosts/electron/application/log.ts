import { join } from 'node:path';
import log from 'electron-log/node.js';

/** A log file that is larger is renamed to `perch.old.log`, and a new one is begun. */
const MAX_BYTES = 5 * 2 ** 20;

/** The log of the desktop application: one file for host, engine and page, each line with its source. */
export interface ApplicationLog {
  readonly file: string;
  host: Pick<Console, 'info' | 'warn' | 'error'>;
  engine: Pick<Console, 'info' | 'warn' | 'error'>;
  page: Pick<Console, 'info' | 'warn' | 'error'>;
}

/**
 * Begins the log in a folder. What the host writes to the console goes there too, and so does what nobody caught: the
 * application stays, because a defect of one part must not take the rest with it.
 *
 * @param folder the platform's folder of logs
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
