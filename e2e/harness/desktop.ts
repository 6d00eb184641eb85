import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { findElectron, hasDisplay } from '../../src-main/hosts/electron/launch/electron-binary.ts';
import { provideChromium } from './chromium.ts';
import { unpackResources } from './unpacked-resources.ts';

/** Whether the journeys drive the desktop application in place of a browser: `PERCH_E2E=desktop`. */
export const onDesktop = process.env.PERCH_E2E === 'desktop';

/** How long an application that was asked to end may take, in milliseconds. */
const QUIT_PATIENCE = 30_000;

const root = join(import.meta.dirname, '../..');

export interface LaunchOptions {
  /** Built main file; by default that of this checkout. */
  main?: string;
  /** Folder `resources` of a packaged application, whose `app.asar` runs in place of `main` (stand-in only). */
  resources?: string;
  /** `PERCH_HOME`; what Electron itself keeps lies in it too, so that two applications are not one instance. */
  home: string;
  /** Environment beyond that of the tests; `undefined` takes a variable away. */
  env?: NodeJS.ProcessEnv;
  /** Arguments of the application: files and switches. */
  args?: string[];
  /** Where it is started. */
  cwd?: string;
  /** Whether Playwright takes downloads over, which keeps the Save dialog closed; true by default. */
  acceptDownloads?: boolean;
}

/** The Electron that runs the application: a real one, or the stand-in (electron/README.md). */
export interface Runtime {
  real: boolean;
  executablePath: string;
}

/**
 * `PERCH_ELECTRON=real` or `stand-in` chooses; else the real one is taken where its binary is installed and there is
 * a screen.
 */
export function findRuntime(): Runtime {
  const choice = process.env.PERCH_ELECTRON ?? '';
  if (!['', 'real', 'stand-in'].includes(choice))
    throw new Error(`PERCH_ELECTRON is real or stand-in, not ${choice}.`);
  const binary = findElectron(join(root, 'node_modules/electron'), process.env);
  if (choice === 'real' && binary === undefined)
    throw new Error(
      'PERCH_ELECTRON=real, and there is no Electron binary: run node node_modules/electron/install.js.',
    );
  const real =
    binary !== undefined &&
    (choice === 'real' || (choice === '' && hasDisplay(process.platform, process.env)));
  return real
    ? { real, executablePath: binary }
    : { real: false, executablePath: join(root, 'e2e/electron/electron') };
}

/** Starts the desktop application as it ships, driven by Playwright. */
export async function launchDesktop(options: LaunchOptions): Promise<ElectronApplication> {
  const { home, cwd = root, acceptDownloads = true } = options;
  const { executablePath, args, env } = await commandOf(options);
  const profile = join(home, 'desktop');
  await mkdir(profile, { recursive: true });
  const app = await _electron.launch({ executablePath, args, env, cwd, acceptDownloads });
  // Playwright answers questions of a page that nobody listens to; that of `beforeunload` is Electron's to answer.
  app.context().on('dialog', (dialog) => {
    if (dialog.type() !== 'beforeunload') void dialog.dismiss();
  });
  return app;
}

/** The command that starts the application, for a start without Playwright: a second one, or one that is measured. */
export async function commandOf({
  main = join(root, 'dist/electron/main.js'),
  resources,
  home,
  env = {},
  args = [],
}: LaunchOptions): Promise<{ executablePath: string; args: string[]; env: Record<string, string> }> {
  const { real, executablePath } = findRuntime();
  if (real && resources !== undefined)
    throw new Error('A packaged application is its own Electron: start its executable.');
  // Chromium's sandbox refuses to run as root.
  const flags = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const unpacked = resources === undefined ? undefined : await unpackResources(resources);
  return {
    executablePath,
    args: [...flags, `--user-data-dir=${join(home, 'desktop')}`, ...(unpacked ? [] : [main]), ...args],
    env: defined({
      ...process.env,
      ...(real ? {} : { PERCH_CHROMIUM: provideChromium() }),
      ...(unpacked ? { STAND_IN_RESOURCES: unpacked } : {}),
      ...env,
      PERCH_HOME: home,
    }),
  };
}

function defined(env: NodeJS.ProcessEnv): Record<string, string> {
  const known = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(known);
}

async function late(milliseconds: number): Promise<'late'> {
  return await new Promise((resolve) => setTimeout(() => resolve('late'), milliseconds).unref());
}

/** The desktop application, which is host and browser in one; started when its window is asked for. */
export class Desktop {
  readonly #options: LaunchOptions;
  #app: ElectronApplication | undefined;
  #ended: Promise<void> = Promise.resolve();

  constructor(options: LaunchOptions) {
    this.#options = options;
  }

  /** The running application. */
  get app(): ElectronApplication {
    if (!this.#app) throw new Error('The desktop application does not run.');
    return this.#app;
  }

  /** Its window, at a place of Perch: `#/inspect?...`. A window that is open goes there as by a link in it. */
  async open(hash: string): Promise<Page> {
    const page = await this.window();
    await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
    return page;
  }

  /** The first window, once Perch is in it; starts the application where it does not run. */
  async window(): Promise<Page> {
    await this.start();
    const page = await this.app.firstWindow();
    await page.waitForURL((url) => url.protocol !== 'about:');
    await this.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0].setContentSize(1280, 800),
    );
    return page;
  }

  /** Starts it where it does not run. */
  async start(): Promise<void> {
    // Where a journey closes the last window, the application ends with it, but for macOS.
    if (this.#app?.windows().length === 0)
      await (process.platform === 'darwin' ? this.end('SIGTERM') : this.#ended);
    if (this.#app) return;
    const app = await launchDesktop(this.#options);
    this.#app = app;
    this.#ended = new Promise((resolve) =>
      app.once('close', () => {
        this.#app = undefined;
        resolve();
      }),
    );
  }

  /** Waits until it has ended by itself. @throws where it does not, and kills it then */
  async ended(): Promise<void> {
    const app = this.#app;
    if ((await Promise.race([this.#ended, late(QUIT_PATIENCE)])) !== 'late' || !app) return;
    const asked = await Promise.race([this.asked(), late(3000)]).catch(String);
    app.process().kill('SIGKILL');
    await this.#ended;
    throw new Error(`The application did not end. It has asked: ${JSON.stringify(asked)}`);
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (!this.#app) return;
    // Windows has no signal that asks.
    if (process.platform === 'win32' && signal !== 'SIGKILL')
      await this.app.evaluate(({ app }) => app.quit());
    else this.#app.process().kill(signal);
    await this.ended();
  }

  /** Closes the main window by its button. */
  async closeWindow(): Promise<void> {
    await this.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].close());
  }

  /** Waits until the page of the main window was loaded once more; Playwright follows no page that crashed. */
  async reloads(): Promise<void> {
    await this.app.evaluate(
      async ({ BrowserWindow }) =>
        await new Promise<void>((resolve) =>
          BrowserWindow.getAllWindows()[0].webContents.once('did-finish-load', () => resolve()),
        ),
    );
  }

  /** Chooses from the menu by labels, as with the mouse: `File`, `Quit`. */
  async choose(...labels: string[]): Promise<void> {
    await this.app.evaluate(({ BrowserWindow, Menu }, path) => {
      const plain = (label: string) => label.replace(/&(?!&)/g, '').replace(/…$/, '');
      let items = Menu.getApplicationMenu()?.items ?? [];
      let item: Electron.MenuItem | undefined;
      for (const label of path) {
        item = items.find((each) => each.visible && plain(each.label) === label);
        if (!item)
          throw new Error(`No menu item ${label} among ${items.map((each) => each.label).join(', ')}`);
        items = item.submenu?.items ?? [];
      }
      if (!item?.enabled) throw new Error(`The menu item ${path.join(' > ')} is disabled`);
      const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows().at(0);
      item.click({}, window, window?.webContents);
    }, labels);
  }

  /** Answers every dialog of a kind from now on, and keeps what was asked (`asked`). */
  async answer<Kind extends 'showMessageBox' | 'showOpenDialog' | 'showSaveDialog'>(
    kind: Kind,
    answer: Partial<Awaited<ReturnType<Electron.Dialog[Kind]>>>,
  ): Promise<void> {
    await this.app.evaluate(
      ({ dialog }, { kind: name, answer: given }) => {
        const store = globalThis as { askedOfPerson?: unknown[] };
        const asked = (store.askedOfPerson ??= []);
        const stub = async (...args: unknown[]) => {
          asked.push(args.at(-1));
          return given;
        };
        Object.assign(dialog, { [name]: stub });
      },
      { kind, answer },
    );
  }

  /** The options of every dialog that was answered by `answer`. */
  async asked(): Promise<{ message?: string; detail?: string; buttons?: string[] }[]> {
    return await this.app.evaluate(
      () => (globalThis as { askedOfPerson?: { message?: string }[] }).askedOfPerson ?? [],
    );
  }
}
