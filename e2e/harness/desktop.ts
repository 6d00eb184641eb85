import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { findElectron, hasDisplay } from '../../src-main/hosts/electron/launch/electron-binary.ts';
import { provideChromium } from './chromium.ts';
import { unpackResources } from './unpack-resources.ts';

/** Whether the tests drive the desktop application instead of a browser: `PERCH_E2E=desktop`. */
export const onDesktop = process.env.PERCH_E2E === 'desktop';

/** How long the application may take to quit. */
const QUIT_TIMEOUT_MS = 30_000;

const root = join(import.meta.dirname, '../..');

export interface LaunchOptions {
  /** The built main file; defaults to the one in this repository. */
  main?: string;
  /** Folder `resources` of a packaged application, whose `app.asar` replaces `main` (stand-in only). */
  resources?: string;
  /** Data directory. It also contains Electron's profile, so that each application is a separate instance. */
  home: string;
  /** Variables in addition to the tests' environment; `undefined` removes one. */
  env?: NodeJS.ProcessEnv;
  /** The application's arguments: files and switches. */
  args?: string[];
  /** Working directory. */
  cwd?: string;
  /** Whether Playwright handles downloads, so that no Save dialog opens; true by default. */
  acceptDownloads?: boolean;
}

/** The runtime of the application: Electron or the stand-in (electron/README.md). */
export interface Runtime {
  real: boolean;
  executablePath: string;
}

/** Selects the runtime by `PERCH_ELECTRON` (`real` or `stand-in`). The default is Electron if its binary and a display exist. */
export function findRuntime(): Runtime {
  const choice = process.env.PERCH_ELECTRON ?? '';
  if (!['', 'real', 'stand-in'].includes(choice))
    throw new Error(`PERCH_ELECTRON must be real or stand-in, not ${choice}.`);
  const binary = findElectron(join(root, 'node_modules/electron'), process.env);
  if (choice === 'real' && binary === undefined)
    throw new Error(
      'PERCH_ELECTRON=real needs the Electron binary: run node node_modules/electron/install.js.',
    );
  const real =
    binary !== undefined &&
    (choice === 'real' || (choice === '' && hasDisplay(process.platform, process.env)));
  return real
    ? { real, executablePath: binary }
    : { real: false, executablePath: join(root, 'e2e/electron/electron') };
}

/** Starts the built desktop application, driven by Playwright. */
export async function launchDesktop(options: LaunchOptions): Promise<ElectronApplication> {
  const { home, cwd = root, acceptDownloads = true } = options;
  const { executablePath, args, env } = await commandOf(options);
  const profile = join(home, 'desktop');
  await mkdir(profile, { recursive: true });
  const app = await _electron.launch({ executablePath, args, env, cwd, acceptDownloads });
  // Playwright dismisses dialogs that have no listener, but Electron must answer `beforeunload`.
  app.context().on('dialog', (dialog) => {
    if (dialog.type() !== 'beforeunload') void dialog.dismiss();
  });
  return app;
}

/** The command that starts the application without Playwright. */
export async function commandOf({
  main = join(root, 'dist/electron/main.js'),
  resources,
  home,
  env = {},
  args = [],
}: LaunchOptions): Promise<{ executablePath: string; args: string[]; env: Record<string, string> }> {
  const { real, executablePath } = findRuntime();
  if (real && resources !== undefined)
    throw new Error('A packaged application contains Electron: start its executable.');
  // Chromium's sandbox does not run as root.
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

/** The desktop application, which is host and browser in one. `open` starts it. */
export class Desktop {
  readonly #options: LaunchOptions;
  #app: ElectronApplication | undefined;
  #ended: Promise<void> = Promise.resolve();

  constructor(options: LaunchOptions) {
    this.#options = options;
  }

  /** The running application. */
  get app(): ElectronApplication {
    if (!this.#app) throw new Error('The desktop application is not running.');
    return this.#app;
  }

  /** Opens a route such as `#/inspect?image=2` in the main window. */
  async open(hash: string): Promise<Page> {
    const page = await this.window();
    await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
    return page;
  }

  /** The main window after it has loaded; starts the application if needed. */
  async window(): Promise<Page> {
    await this.start();
    const page = await this.app.firstWindow();
    await page.waitForURL((url) => url.protocol !== 'about:');
    await this.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0].setContentSize(1280, 800),
    );
    return page;
  }

  /** Starts the application if it is not running. */
  async start(): Promise<void> {
    // When a test closes the last window, the application quits, except on macOS.
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

  /** Waits until the application has quit. @throws if it does not, after killing it */
  async ended(): Promise<void> {
    const app = this.#app;
    if ((await Promise.race([this.#ended, late(QUIT_TIMEOUT_MS)])) !== 'late' || !app) return;
    const asked = await Promise.race([this.asked(), late(3000)]).catch(String);
    app.process().kill('SIGKILL');
    await this.#ended;
    throw new Error(`The application did not end. Open dialogs: ${JSON.stringify(asked)}`);
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

  /** Waits until the main window has reloaded. Playwright does not follow a page that crashed. */
  async reloads(): Promise<void> {
    await this.app.evaluate(
      async ({ BrowserWindow }) =>
        await new Promise<void>((resolve) =>
          BrowserWindow.getAllWindows()[0].webContents.once('did-finish-load', () => resolve()),
        ),
    );
  }

  /** Chooses a menu item by its labels: `File`, `Quit`. */
  async choose(...labels: string[]): Promise<void> {
    await this.app.evaluate(({ BrowserWindow, Menu }, path) => {
      const textOf = (label: string) => label.replace(/&(?!&)/g, '').replace(/…$/, '');
      let items = Menu.getApplicationMenu()?.items ?? [];
      let item: Electron.MenuItem | undefined;
      for (const label of path) {
        item = items.find((each) => each.visible && textOf(each.label) === label);
        if (!item)
          throw new Error(`No menu item ${label} among ${items.map((each) => each.label).join(', ')}`);
        items = item.submenu?.items ?? [];
      }
      if (!item?.enabled) throw new Error(`The menu item ${path.join(' > ')} is disabled`);
      const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows().at(0);
      item.click({}, window, window?.webContents);
    }, labels);
  }

  /** Answers all dialogs of a kind from now on and records them for `asked`. */
  async answer<Kind extends 'showMessageBox' | 'showOpenDialog' | 'showSaveDialog'>(
    kind: Kind,
    answer: Partial<Awaited<ReturnType<Electron.Dialog[Kind]>>>,
  ): Promise<void> {
    await this.app.evaluate(
      ({ dialog }, { kind: name, answer: result }) => {
        const store = globalThis as { recordedDialogs?: unknown[] };
        const asked = (store.recordedDialogs ??= []);
        const stub = async (...args: unknown[]) => {
          asked.push(args.at(-1));
          return result;
        };
        Object.assign(dialog, { [name]: stub });
      },
      { kind, answer },
    );
  }

  /** The options of all dialogs answered by `answer`. */
  async asked(): Promise<{ message?: string; detail?: string; buttons?: string[] }[]> {
    return await this.app.evaluate(
      () => (globalThis as { recordedDialogs?: { message?: string }[] }).recordedDialogs ?? [],
    );
  }
}
