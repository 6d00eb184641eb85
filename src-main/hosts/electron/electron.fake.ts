import { EventEmitter } from 'node:events';
import { vi } from 'vitest';

/** Stands for the `electron` module in specs: remembers what it was asked for, and shows nothing. */
export const app = Object.assign(new EventEmitter(), {
  isPackaged: false,
  setName: vi.fn(),
  enableSandbox: vi.fn(),
  requestSingleInstanceLock: () => true,
  whenReady: async () => {},
  getPath: () => '/nowhere/perch',
  quit: vi.fn(),
  exit: vi.fn(),
});

export const ipcMain = new EventEmitter();

export const protocol = {
  registerSchemesAsPrivileged: vi.fn(),
  handle: vi.fn<(scheme: string, answer: (request: Request) => Promise<Response>) => void>(),
};

export const session = {
  defaultSession: {
    setPermissionRequestHandler: vi.fn(),
    setPermissionCheckHandler: vi.fn(),
    setDevicePermissionHandler: vi.fn(),
    webRequest: { onBeforeRequest: vi.fn() },
  },
};

export const Menu = { buildFromTemplate: vi.fn(), setApplicationMenu: vi.fn() };
export const screen = { getAllDisplays: () => [] };
export const dialog = {
  showErrorBox: vi.fn(),
  showMessageBox: vi.fn(),
  showOpenDialog: vi.fn(async () => ({ canceled: false, filePaths: ['/images/one.png'] })),
};

export class MessageChannelMain {
  port1 = Object.assign(new EventEmitter(), { postMessage: vi.fn(), start: vi.fn(), close: vi.fn() });
  port2 = {};
}

export class BrowserWindow extends EventEmitter {
  static readonly opened: BrowserWindow[] = [];
  static getAllWindows = () => BrowserWindow.opened;
  readonly options: { show: boolean; webPreferences: Record<string, unknown> };
  readonly webContents = Object.assign(new EventEmitter(), { send: vi.fn() });
  show = vi.fn();
  loadURL = vi.fn<(address: string) => Promise<void>>();
  isMinimized = () => true;
  restore = vi.fn();
  focus = vi.fn();

  constructor(options: BrowserWindow['options']) {
    super();
    this.options = options;
    BrowserWindow.opened.push(this);
  }
}
