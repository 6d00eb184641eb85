import { join } from 'node:path';
import {
  app,
  type BrowserWindow,
  clipboard,
  dialog,
  ipcMain,
  Menu,
  powerMonitor,
  session,
  shell,
} from 'electron';
import type { Dataset } from '../../common/api/datasets.ts';
import { imageExtensions } from '../../common/file-formats.ts';
import { openServices } from '../../services/create-services.ts';
import type { Services } from '../../services/types.ts';
import { setAboutPanel } from './application/about.ts';
import { announce } from './launch/announce-ready.ts';
import type { Command } from '../../common/api/desktop.ts';
import { CloseGuard } from './windows/close-guard.ts';
import { addTextMenu, popUpImageMenu } from './windows/context-menu.ts';
import { diagnosticReport } from './application/diagnostics.ts';
import { openDisplayWindow } from './windows/display-window.ts';
import { engineOptions } from './engine/engine-options.ts';
import type { ApplicationLog } from './application/log.ts';
import { createMainWindow, loadPage } from './windows/main-window.ts';
import { menuTemplate, type MenuActions } from './application/menu.ts';
import { handlePageFailures } from './windows/page-failures.ts';
import { PageLink } from './windows/page-link.ts';
import type { PageOptions } from './windows/page-preferences.ts';
import { printPdf } from './windows/print-page.ts';
import type { Preferences } from './application/preferences.ts';
import { showRunProgress } from './application/run-progress.ts';
import type { SecurityRestrictions } from './security/security-restrictions.ts';
import { servePages } from './rpc/serve-pages.ts';
import { askAboutUnsaved } from './windows/unsaved-dialog.ts';
import { checkForUpdates } from './application/updates.ts';

/** After this time, the process exits even if the services have not closed. */
const CLOSE_TIMEOUT_MS = 10_000;

export interface DesktopOptions {
  /** Folder with `dist`, `assets` and `models`: the checkout, or the archive of the packaged application. */
  root: string;
  log: ApplicationLog;
  preferences: Preferences;
  security: SecurityRestrictions;
}

/** The desktop application after Electron is ready: services, windows, and the connections between them. */
export class Desktop {
  readonly #options: DesktopOptions;
  readonly #pageOptions: PageOptions;
  readonly #link = new PageLink(ipcMain);
  readonly #guard = new CloseGuard<BrowserWindow>({
    settle: (window, action) => this.#link.settle(window.webContents, action),
    confirm: askAboutUnsaved,
    quit: () => app.quit(),
  });
  readonly #ended = new AbortController();
  /** Paths to open as soon as there is a window. */
  #paths: string[] = [];
  #services: Services | undefined;
  #isStarted = false;
  #main: BrowserWindow | undefined;
  #display: BrowserWindow | undefined;

  constructor(options: DesktopOptions) {
    this.#options = options;
    this.#pageOptions = {
      preload: join(options.root, 'dist/electron/preload.cjs'),
      icon: join(options.root, 'assets/icons/perch.png'),
      developing: !app.isPackaged,
    };
  }

  /** Opens the services and the main window. @throws PerchError if the store cannot be opened or the renderer is missing */
  async start(): Promise<void> {
    const { root, log, preferences, security } = this.#options;
    security.restrictSession(session.defaultSession);
    setAboutPanel(this.#pageOptions.icon);
    const services = await openServices({
      ...engineOptions(root),
      onOutput: (line) => log.engine.warn(line),
    });
    this.#services = services;
    this.#shutdownWith(services);
    services.runs.claimOrphans();
    services.stations.claimOrphans();
    services.outputs.deliver();
    await servePages(services, join(root, 'dist/renderer'), {
      kind: 'desktop',
      choose: (kind) => this.#choose(kind),
      showImageMenu: (path) => popUpImageMenu(path, this.#main),
      openDisplay: (source) => this.#openDisplay(source),
      printPdf,
      noteDataset: (id) => this.#noteDataset(services, id),
    });
    this.#setMenu(await this.#datasets(services));
    app.on('window-all-closed', () => {
      if (process.platform !== 'darwin') app.quit();
    });
    app.on('activate', () => this.#show());
    showRunProgress(services, () => this.#main, this.#ended.signal).catch((thrown: unknown) =>
      log.host.error('Could not show the progress of runs:', thrown),
    );
    if (preferences.values.updates && app.isPackaged) void checkForUpdates(log);
    this.#isStarted = true;
    await this.#openMain();
  }

  /** Opens files and folders in the main window, and shows it. */
  open(paths: string[]): void {
    this.#paths.push(...paths);
    // Before the start, the paths wait for the first window.
    if (!this.#isStarted) return;
    const opened = this.#paths.splice(0);
    if (opened.length > 0) this.#send({ type: 'open', paths: opened });
    else this.#show();
  }

  async #openMain(): Promise<BrowserWindow> {
    const { log } = this.#options;
    const window = createMainWindow(this.#pageOptions);
    this.#main = window;
    this.#guard.add(window);
    window.once('show', () => announce('ready'));
    const page = window.webContents;
    addTextMenu(page);
    handlePageFailures(window, log);
    // A new document, for example after a reload; not a navigation within the page.
    page.on('did-navigate', () => this.#link.reset(page));
    page.on('render-process-gone', () => this.#link.reset(page));
    // On reload, the page itself asks about unsaved changes. A window that may close needs no question.
    page.on('will-prevent-unload', (event) => {
      if (this.#guard.isSettled(window)) event.preventDefault();
    });
    // Windows ends a session without waiting, so the page saves what it can when Windows asks.
    window.on('query-session-end', () => void this.#link.settle(page, 'flush'));
    window.on('closed', () => {
      if (this.#main === window) this.#main = undefined;
    });
    const paths = this.#paths.splice(0);
    if (paths.length > 0) this.#link.send(page, { type: 'open', paths });
    await loadPage(window);
    return window;
  }

  /** Closes the services on quit, after the windows, which may still save. */
  #shutdownWith(services: Services): void {
    app.on('before-quit', () => this.#guard.quitRequested());
    app.on('will-quit', (event) => {
      event.preventDefault();
      this.#ended.abort();
      setTimeout(() => app.exit(), CLOSE_TIMEOUT_MS).unref();
      services.close().then(
        () => app.exit(),
        (thrown: unknown) => {
          this.#options.log.host.error('Could not close the services:', thrown);
          app.exit(1);
        },
      );
    });
    // Linux and macOS wait if the default is prevented. The typings lack the event.
    const quitFirst = (event: { preventDefault(): void }) => {
      event.preventDefault();
      app.quit();
    };
    powerMonitor.on('shutdown', quitFirst as () => void);
  }

  /** @param datasets all datasets in the store */
  #setMenu(datasets: readonly Dataset[]): void {
    const { values } = this.#options.preferences;
    const recent = values.recentDatasets.flatMap((id) => datasets.filter((dataset) => dataset.id === id));
    const state = {
      platform: process.platform,
      developing: this.#pageOptions.developing,
      updatable: app.isPackaged,
      preferences: values,
      recent,
    };
    Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(state, this.#menuActions())));
  }

  #menuActions(): MenuActions {
    const { preferences, log, root } = this.#options;
    const licenses = app.isPackaged
      ? join(process.resourcesPath, 'licenses.txt')
      : join(root, 'dist/licenses.txt');
    return {
      import: (kind) => this.#send({ type: 'import', kind }),
      openDataset: (dataset) => this.#send({ type: 'open-dataset', dataset }),
      openDisplay: () => this.#send({ type: 'display' }),
      setHardwareAcceleration: (hardwareAcceleration) => {
        preferences.change({ hardwareAcceleration, gpuCrashes: 0 });
        void this.#offerRestart();
      },
      showShortcuts: () => this.#send({ type: 'shortcuts' }),
      showLogs: () => shell.showItemInFolder(log.file),
      copyDiagnostics: () => void this.#copyDiagnostics(),
      showLicenses: () => void shell.openPath(licenses),
      setUpdates: (updates) => {
        preferences.change({ updates });
        if (updates) void checkForUpdates(log);
      },
      showAbout: () => app.showAboutPanel(),
    };
  }

  #send(command: Command): void {
    this.#show().then(
      (window) => this.#link.send(window.webContents, command),
      (thrown: unknown) => this.#options.log.host.error('Could not open the window:', thrown),
    );
  }

  /** Brings the main window to the front, and opens it if it was closed, as on macOS. */
  async #show(): Promise<BrowserWindow> {
    const window = this.#main ?? (await this.#openMain());
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
    return window;
  }

  async #choose(kind: 'files' | 'folder'): Promise<string[]> {
    const window = await this.#show();
    const { canceled, filePaths } = await dialog.showOpenDialog(window, {
      properties: [kind === 'files' ? 'openFile' : 'openDirectory', 'multiSelections'],
      ...(kind === 'files' ? { filters: imageFilters } : {}),
    });
    return canceled ? [] : filePaths;
  }

  async #openDisplay(source: string): Promise<void> {
    if (!this.#main) return;
    if (this.#display) return this.#display.focus();
    const display = await openDisplayWindow(this.#main, source, this.#pageOptions);
    this.#display = display;
    handlePageFailures(display, this.#options.log);
    display.on('closed', () => (this.#display = undefined));
  }

  async #noteDataset(services: Services, id: number): Promise<void> {
    this.#options.preferences.noteDataset(id);
    const datasets = await this.#datasets(services);
    const dataset = datasets.find((each) => each.id === id);
    if (dataset) app.addRecentDocument(dataset.root);
    this.#setMenu(datasets);
  }

  async #datasets(services: Services): Promise<Dataset[]> {
    return (await services.datasets.list(undefined, this.#ended.signal)).datasets;
  }

  async #offerRestart(): Promise<void> {
    const window = await this.#show();
    const { response } = await dialog.showMessageBox(window, {
      type: 'question',
      message: 'Restart Perch to change hardware acceleration.',
      buttons: ['Restart Now', 'Later'],
      defaultId: 0,
      cancelId: 1,
    });
    if (response !== 0) return;
    app.relaunch();
    app.quit();
  }

  async #copyDiagnostics(): Promise<void> {
    if (!this.#services) return;
    clipboard.writeText(await diagnosticReport(this.#services, this.#options.log.file, this.#ended.signal));
    await dialog.showMessageBox(await this.#show(), {
      type: 'info',
      message: 'Diagnostics were copied to the clipboard.',
      detail: 'They contain versions, devices, folders and problems, but no images.',
    });
  }
}

const imageFilters = [
  { name: 'Images', extensions: imageExtensions.map((extension) => extension.slice(1)) },
  { name: 'All Files', extensions: ['*'] },
];
