import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { findElectron } from '../src-main/hosts/electron/binary.ts';

/** Whether the journeys drive the desktop application in place of a browser: `PERCH_E2E=desktop`. */
export const onDesktop = process.env.PERCH_E2E === 'desktop';

const root = join(import.meta.dirname, '..');

/** The desktop application, which is host and browser in one; started when its window is asked for. */
export class Desktop {
  readonly #env: Record<string, string>;
  readonly #profile: string;
  #app: ElectronApplication | undefined;

  /** @param home `PERCH_HOME`; what Electron itself keeps lies in it too, so that two applications are not one instance */
  constructor(home: string, env: NodeJS.ProcessEnv) {
    const known = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
    this.#env = Object.fromEntries(known);
    this.#profile = join(home, 'desktop');
  }

  /** Its window, at a place of Perch: `#/inspect?...`. */
  async open(hash: string): Promise<Page> {
    const app = (this.#app ??= await this.#launch());
    const page = await app.firstWindow();
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].setContentSize(1280, 800));
    await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
    return page;
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    const app = this.#app;
    if (!app) return;
    const closed = new Promise<void>((resolve) => app.once('close', () => resolve()));
    if (signal === 'SIGKILL') app.process().kill(signal);
    else await app.close();
    await closed;
  }

  async #launch(): Promise<ElectronApplication> {
    const executablePath = findElectron(join(root, 'node_modules/electron'), process.env);
    if (executablePath === undefined) throw new Error('There is no Electron binary: run npm start once.');
    await mkdir(this.#profile, { recursive: true });
    // Chromium's sandbox refuses to run as root.
    const flags = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const args = [...flags, `--user-data-dir=${this.#profile}`, join(root, 'dist/electron/main.js')];
    const app = await _electron.launch({ executablePath, args, env: this.#env, cwd: root });
    // Where a journey closes the window, the application ends with it.
    app.once('close', () => (this.#app = undefined));
    return app;
  }
}
