import { mkdirSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { NotModeled } from './strict.ts';

/** `app.getPath` and `app.setPath` as on Linux. */
export class AppPaths {
  readonly #set = new Map<string, string>();
  readonly #name: () => string;
  readonly #appPath: string;

  /** @param userData value of `--user-data-dir`, or an empty string */
  constructor(name: () => string, userData: string, appPath: string) {
    this.#name = name;
    this.#appPath = appPath;
    if (userData !== '') this.#set.set('userData', userData);
  }

  get(key: string): string {
    const path = this.#set.get(key) ?? this.#usual(key);
    // Electron creates these on request.
    if (['userData', 'sessionData', 'logs', 'crashDumps'].includes(key)) mkdirSync(path, { recursive: true });
    return path;
  }

  set(key: string, path: string): void {
    if (!path.startsWith('/')) throw new Error('Path must be absolute');
    this.#usual(key);
    this.#set.set(key, path);
  }

  #usual(key: string): string {
    const home = homedir();
    switch (key) {
      case 'home':
        return home;
      case 'appData':
        return process.env['XDG_CONFIG_HOME'] ?? join(home, '.config');
      case 'userData':
        return join(this.get('appData'), this.#name());
      case 'sessionData':
        return this.get('userData');
      case 'logs':
        return join(this.get('userData'), 'logs');
      case 'crashDumps':
        return join(this.get('userData'), 'Crashpad');
      case 'temp':
        return tmpdir();
      case 'exe':
        return process.execPath;
      case 'module':
        return process.execPath;
      case 'assets':
        return dirname(process.execPath);
      case 'desktop':
      case 'documents':
      case 'downloads':
      case 'music':
      case 'pictures':
      case 'videos':
        return join(home, key[0].toUpperCase() + key.slice(1));
      case 'appPath':
        return this.#appPath;
      default:
        throw new NotModeled(`app.getPath('${key}')`);
    }
  }
}
