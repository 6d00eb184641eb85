import { app } from './app.ts';
import { record } from './record.ts';
import { screen } from './screen.ts';
import { prevented, Strict } from './strict.ts';
import { WebContents } from './web-contents.ts';
import { keepWindowState, readWindowState, type Rectangle } from './window-state.ts';

interface Options extends Partial<Rectangle> {
  name?: string;
  windowStatePersistence?: boolean | { bounds?: boolean; displayMode?: boolean };
  minWidth?: number;
  minHeight?: number;
  show?: boolean;
  title?: string;
  fullscreen?: boolean;
  parent?: BrowserWindow;
  modal?: boolean;
  webPreferences?: { preload?: string };
}

/** Time after which Electron reports a window that does not close as unresponsive. */
const CLOSE_TIMEOUT_MS = 5000;

let count = 0;
const windows = new Map<number, BrowserWindow>();
let focused: BrowserWindow | undefined;

/** `BrowserWindow`: the state of a window and its page, without a frame on screen. */
export class BrowserWindow extends Strict {
  static getAllWindows = () => [...windows.values()];
  static getFocusedWindow = () => focused ?? null;
  static fromId = (id: number) => windows.get(id) ?? null;
  static fromWebContents = (contents: WebContents) =>
    [...windows.values()].find((window) => window.webContents === contents) ?? null;
  static clearPersistedState = (name: string) => keepWindowState(name, undefined);

  readonly id = ++count;
  readonly webContents: WebContents;
  /** Options of the constructor, for tests. */
  readonly options: Options;
  #bounds: Rectangle;
  #minimum: [number, number];
  #title: string;
  #file = '';
  #visible: boolean;
  #destroyed = false;
  #maximized = false;
  #minimized = false;
  #fullScreen = false;
  #documentEdited = false;
  #unresponsive: NodeJS.Timeout | undefined;

  constructor(options: Options = {}) {
    super();
    if (!app.isReady()) throw new Error('Cannot create BrowserWindow before app is ready');
    this.options = options;
    record.note('new BrowserWindow', this.id);
    const saved = this.#persistent ? readWindowState(options.name ?? '') : undefined;
    const { workArea } = screen.getPrimaryDisplay();
    const { width = 800, height = 600 } = options;
    this.#bounds = saved?.bounds ?? {
      x: options.x ?? Math.round(workArea.x + (workArea.width - width) / 2),
      y: options.y ?? Math.round(workArea.y + (workArea.height - height) / 2),
      width,
      height,
    };
    this.#minimum = [options.minWidth ?? 0, options.minHeight ?? 0];
    this.#title = options.title ?? app.name;
    this.#visible = options.show ?? true;
    this.#maximized = saved?.maximized ?? false;
    this.#fullScreen = saved?.fullscreen ?? options.fullscreen ?? false;
    this.webContents = new WebContents(
      {
        pageClosed: () => this.#closed(),
        pageStays: () => this.#stays(),
        pagePainted: () => {
          record.note('window painted', this.id);
          this.emit('ready-to-show');
        },
        close: () => this.close(),
      },
      options.webPreferences?.preload,
      this.getBounds(),
    );
    windows.set(this.id, this);
    app.addWindow(this);
    if (this.#visible) this.focus();
    app.emit('web-contents-created', {}, this.webContents);
    app.emit('browser-window-created', {}, this);
    if (saved) setImmediate(() => this.emit('restored-persisted-state'));
  }

  // --- page

  loadURL = async (url: string) => await this.webContents.loadURL(url);
  reload = () => this.webContents.reload();
  capturePage = async () => await this.webContents.capturePage();

  // --- closing

  close(): void {
    if (this.#destroyed) return;
    if (prevented(this, 'close')) {
      app.cancelQuit();
      return;
    }
    this.#unresponsive ??= setTimeout(() => this.emit('unresponsive'), CLOSE_TIMEOUT_MS).unref();
    this.webContents.askToClose();
  }

  destroy(): void {
    this.webContents.destroy();
  }

  #stays(): void {
    clearTimeout(this.#unresponsive);
    this.#unresponsive = undefined;
    app.cancelQuit();
  }

  #closed(): void {
    if (this.#destroyed) return;
    clearTimeout(this.#unresponsive);
    this.#destroyed = true;
    this.#keepState();
    windows.delete(this.id);
    if (focused === this) focused = [...windows.values()].findLast((window) => window.isVisible());
    this.emit('closed');
    app.removeWindow(this);
  }

  isDestroyed = () => this.#destroyed;

  // --- showing

  show(): void {
    record.note('window.show', this.id);
    if (!this.#visible) {
      this.#visible = true;
      this.emit('show');
    }
    this.focus();
  }
  showInactive(): void {
    this.#visible = true;
    this.emit('show');
  }
  hide(): void {
    this.#visible = false;
    this.emit('hide');
  }
  isVisible = () => this.#visible && !this.#minimized;
  focus(): void {
    if (!this.#visible || focused === this) return;
    focusOn(this);
    this.emit('focus');
    app.emit('browser-window-focus', {}, this);
  }
  blur(): void {
    if (focused !== this) return;
    focused = undefined;
    this.emit('blur');
  }
  isFocused = () => focused === this;
  isModal = () => this.options.modal ?? false;
  getParentWindow = () => this.options.parent ?? null;
  getChildWindows = () => [...windows.values()].filter(({ options }) => options.parent === this);

  // --- bounds

  getBounds(): Rectangle {
    const display = screen.getDisplayMatching(this.#bounds);
    if (this.#fullScreen) return { ...display.bounds };
    return this.#maximized ? { ...display.workArea } : { ...this.#bounds };
  }
  getNormalBounds = () => ({ ...this.#bounds });
  getContentBounds = () => this.getBounds();
  setBounds(bounds: Partial<Rectangle>): void {
    const [width, height] = this.#minimum;
    const next = { ...this.#bounds, ...bounds };
    this.#bounds = { ...next, width: Math.max(next.width, width), height: Math.max(next.height, height) };
    this.#laidOut('resize', 'move');
  }
  setContentBounds = (bounds: Rectangle) => this.setBounds(bounds);
  getSize = () => [this.getBounds().width, this.getBounds().height];
  setSize = (width: number, height: number) => this.setBounds({ width, height });
  getContentSize = () => this.getSize();
  setContentSize = (width: number, height: number) => this.setBounds({ width, height });
  getPosition = () => [this.getBounds().x, this.getBounds().y];
  setPosition = (x: number, y: number) => this.setBounds({ x, y });
  getMinimumSize = () => [...this.#minimum];
  setMinimumSize(width: number, height: number): void {
    this.#minimum = [width, height];
  }

  maximize(): void {
    this.#maximized = true;
    this.#visible = true;
    this.#laidOut('maximize', 'resize');
  }
  unmaximize(): void {
    this.#maximized = false;
    this.#laidOut('unmaximize', 'resize');
  }
  isMaximized = () => this.#maximized;
  minimize(): void {
    this.#minimized = true;
    this.emit('minimize');
  }
  restore(): void {
    const was = this.#minimized ? 'restore' : 'unmaximize';
    if (!this.#minimized) this.#maximized = false;
    this.#minimized = false;
    this.#laidOut(was);
  }
  isMinimized = () => this.#minimized;
  isNormal = () => !this.#maximized && !this.#minimized && !this.#fullScreen;
  setFullScreen(on: boolean): void {
    if (on === this.#fullScreen) return;
    this.#fullScreen = on;
    this.#laidOut('resize', on ? 'enter-full-screen' : 'leave-full-screen');
  }
  isFullScreen = () => this.#fullScreen;
  setKiosk = (on: boolean) => this.setFullScreen(on);
  isKiosk = () => this.#fullScreen;

  #laidOut(...events: string[]): void {
    void this.webContents.resizePage(this.getBounds()).catch(() => {});
    for (const event of events) this.emit(event);
    if (events.includes('resize')) this.emit('resized');
    if (events.includes('move')) this.emit('moved');
  }

  get #persistent(): boolean {
    return Boolean(this.options.windowStatePersistence) && this.options.name !== undefined;
  }

  #keepState(): void {
    if (!this.#persistent) return;
    keepWindowState(this.options.name ?? '', {
      bounds: this.#bounds,
      maximized: this.#maximized,
      fullscreen: this.#fullScreen,
    });
  }

  // --- title and decorations

  get title(): string {
    return this.#title;
  }
  getTitle = () => this.#title;
  setTitle(title: string): void {
    this.#title = title;
  }
  setRepresentedFilename(path: string): void {
    this.#file = path;
  }
  getRepresentedFilename = () => this.#file;
  get representedFilename(): string {
    return this.#file;
  }
  setDocumentEdited(edited: boolean): void {
    this.#documentEdited = edited;
  }
  isDocumentEdited = () => this.#documentEdited;
  get documentEdited(): boolean {
    return this.#documentEdited;
  }
  setProgressBar = (progress: number, options?: unknown) =>
    record.note('window.setProgressBar', this.id, progress, options);
  setOverlayIcon = (image: unknown, description: string) =>
    record.note('window.setOverlayIcon', this.id, image !== null, description);
  flashFrame = (on: boolean) => record.note('window.flashFrame', this.id, on);
}

function focusOn(window: BrowserWindow): void {
  focused?.emit('blur');
  focused = window;
}
