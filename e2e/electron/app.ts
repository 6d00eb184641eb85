import { AppPaths } from './app-paths.ts';
import { commandLine } from './command-line.ts';
import { application } from './environment.ts';
import { record } from './record.ts';
import { SingleInstance } from './single-instance.ts';
import { prevented, Strict } from './strict.ts';

/** A window that takes part in quitting. */
export interface Closable {
  close(): void;
  destroy(): void;
}

/**
 * `app`. Quitting follows `shell/browser/browser.cc`: `before-quit`, then every window is asked to close,
 * then `will-quit` and `quit`. A window that stays open cancels the quit.
 */
export class App extends Strict {
  readonly isPackaged = application.packaged;
  readonly commandLine = commandLine(application.args);
  readonly #paths = new AppPaths(
    () => this.name,
    this.commandLine.getSwitchValue('user-data-dir'),
    application.path,
  );
  readonly #ready = Promise.withResolvers<undefined>();
  readonly #windows = new Set<Closable>();
  #instance: SingleInstance | undefined;
  #isReady = false;
  #quitting = false;
  #exiting = false;
  #shutDown = false;
  #exitCode = 0;
  /** Shuts Chromium down. */
  endRenderers: () => Promise<void> = () => Promise.resolve();
  name = application.name;
  #version = application.version;
  #relaunch: { args?: string[]; execPath?: string } | undefined;

  constructor() {
    super(['certificate-error', 'select-client-certificate', 'login', 'render-process-gone', 'open-url']);
  }

  // --- properties

  getName = () => this.name;
  setName(name: string): void {
    this.name = name;
  }
  getVersion = () => this.#version;
  getAppPath = () => application.path;
  getPath = (key: string) => this.#paths.get(key);
  setPath(key: string, path: string): void {
    this.#paths.set(key, path);
  }
  setAppLogsPath(path?: string): void {
    this.#paths.set('logs', path ?? this.#paths.get('logs'));
  }
  getLocale = () => 'en-US';
  getSystemLocale = () => 'en-US';
  getPreferredSystemLanguages = () => ['en-US'];
  isHardwareAccelerationEnabled = () => !this.#softwareOnly;
  #softwareOnly = false;
  disableHardwareAcceleration(): void {
    this.#beforeReady('app.disableHardwareAcceleration()');
    this.#softwareOnly = true;
    record.note('app.disableHardwareAcceleration');
  }
  /** Electron removes `--no-sandbox` from the command line here, although its first processes already run without sandbox. */
  enableSandbox(): void {
    this.#beforeReady('app.enableSandbox()');
    this.commandLine.removeSwitch('no-sandbox');
    record.note('app.enableSandbox');
  }

  // --- effects on the desktop

  setAppUserModelId = (id: string) => record.note('app.setAppUserModelId', id);
  setDesktopName = (name: string) => record.note('app.setDesktopName', name);
  setAboutPanelOptions = (options: unknown) => record.note('app.setAboutPanelOptions', options);
  showAboutPanel = () => record.note('app.showAboutPanel');
  addRecentDocument = (path: string) => record.note('app.addRecentDocument', path);
  clearRecentDocuments = () => record.note('app.clearRecentDocuments');
  getRecentDocuments = () =>
    record.calls.filter(({ name }) => name === 'app.addRecentDocument').map(({ args }) => args[0]);
  setUserTasks = (tasks: unknown) => (record.note('app.setUserTasks', tasks), true);
  setJumpList = (list: unknown) => (record.note('app.setJumpList', list), 'ok');
  setBadgeCount = (count?: number) => (record.note('app.setBadgeCount', count), true);
  focus(): void {
    record.note('app.focus');
  }
  hide(): void {
    record.note('app.hide');
  }
  show(): void {
    record.note('app.show');
  }

  // --- starting

  isReady = () => this.#isReady;
  whenReady = () => this.#ready.promise;

  beReady(): void {
    this.#isReady = true;
    record.note('app.ready');
    this.emit('will-finish-launching');
    this.emit('ready', {}, {});
    this.#ready.resolve(undefined);
  }

  #beforeReady(what: string): void {
    if (this.#isReady) throw new Error(`${what} can only be called before app is ready`);
  }

  requestSingleInstanceLock(additionalData: unknown = null): boolean {
    this.#instance ??= new SingleInstance(this.getPath('userData'));
    const start = { argv: process.argv, cwd: process.cwd(), additionalData };
    return this.#instance.take(start, ({ argv, cwd, additionalData: data }) =>
      this.emit('second-instance', {}, argv, cwd, data),
    );
  }
  hasSingleInstanceLock = () => this.#instance?.held ?? false;
  releaseSingleInstanceLock = () => this.#instance?.release();

  // --- quitting

  addWindow(window: Closable): void {
    this.#windows.add(window);
  }

  /** Called when a window has closed. */
  removeWindow(window: Closable): void {
    this.#windows.delete(window);
    if (this.#windows.size > 0) return;
    if (this.#exiting) this.#shutdown();
    else if (this.#quitting) this.#notifyAndShutdown();
    else if (this.listenerCount('window-all-closed') === 0) this.quit();
    else this.emit('window-all-closed');
  }

  /** Cancels a quit because a window stays open. */
  cancelQuit(): void {
    this.#quitting = false;
  }

  quit(): void {
    if (this.#quitting) return;
    this.#quitting = !prevented(this, 'before-quit');
    if (!this.#quitting) return;
    if (this.#windows.size === 0) this.#notifyAndShutdown();
    else for (const window of [...this.#windows]) window.close();
  }

  /** Quits without asking: destroys the windows and emits only `quit`. */
  exit(code = 0): void {
    this.#exitCode = code;
    if (!this.#isReady) process.exit(code);
    this.#quitting = true;
    this.#exiting = true;
    if (this.#windows.size === 0) this.#shutdown();
    else for (const window of [...this.#windows]) window.destroy();
  }

  relaunch(options: { args?: string[]; execPath?: string } = {}): void {
    record.note('app.relaunch', options);
    this.#relaunch = options;
  }

  #notifyAndShutdown(): void {
    if (this.#shutDown) return;
    if (prevented(this, 'will-quit')) this.#quitting = false;
    else this.#shutdown();
  }

  #shutdown(): void {
    if (this.#shutDown) return;
    this.#shutDown = true;
    this.#quitting = true;
    this.emit('quit', {}, this.#exitCode);
    if (this.#relaunch) console.error(`[stand-in] relaunch ${JSON.stringify(this.#relaunch)}: not done`);
    // As in Electron, the pages' storage is on disk before the process ends.
    void this.endRenderers().finally(() => process.exit(this.#exitCode));
  }
}

export const app = new App();
