import { EventEmitter } from 'node:events';
import { record } from './record.ts';
import { Strict, strict } from './strict.ts';

// These record calls to the desktop and open nothing.

/** `shell`. */
export const shell = strict('shell', {
  async openPath(path: string) {
    record.note('shell.openPath', path);
    return '';
  },
  async openExternal(url: string) {
    record.note('shell.openExternal', url);
  },
  showItemInFolder: (path: string) => record.note('shell.showItemInFolder', path),
  async trashItem(path: string) {
    record.note('shell.trashItem', path);
  },
  beep: () => record.note('shell.beep'),
});

let copied = '';
/** `clipboard` of this process, separate from that of Chromium. */
export const clipboard = strict('clipboard', {
  writeText(text: string): void {
    record.note('clipboard.writeText', text);
    copied = text;
  },
  readText: () => copied,
  clear: () => void (copied = ''),
});

const shown: Notification[] = [];
/** `Notification`. Tests find notifications in `standIn.notifications` and emit `click`. */
export class Notification extends Strict {
  static isSupported = () => true;
  readonly title: string;
  readonly body: string;
  constructor(options: { title?: string; body?: string } = {}) {
    super();
    this.title = options.title ?? '';
    this.body = options.body ?? '';
  }
  show(): void {
    record.note('notification.show', this.title, this.body);
    shown.push(this);
    setImmediate(() => this.emit('show', {}));
  }
  close(): void {
    this.emit('close', {});
  }
}
export const notifications = shown;

let blockers = 0;
const blocking = new Set<number>();
/** `powerSaveBlocker`. */
export const powerSaveBlocker = strict('powerSaveBlocker', {
  start(kind: string): number {
    record.note('powerSaveBlocker.start', kind);
    blocking.add(++blockers);
    return blockers;
  },
  stop(id: number): boolean {
    record.note('powerSaveBlocker.stop', id);
    return blocking.delete(id);
  },
  isStarted: (id: number) => blocking.has(id),
});

/** `powerMonitor`. Tests emit its events (`shutdown`, `suspend`, `resume`). */
class PowerMonitor extends Strict {}
export const powerMonitor = new PowerMonitor();

/** `nativeTheme`. */
class NativeTheme extends Strict {
  #source = 'system';
  get themeSource(): string {
    return this.#source;
  }
  set themeSource(source: string) {
    this.#source = source;
    record.note('nativeTheme.themeSource', source);
    this.emit('updated');
  }
  get shouldUseDarkColors(): boolean {
    return this.#source === 'dark';
  }
}
export const nativeTheme = new NativeTheme();

/** `crashReporter`. The stand-in writes no dumps. */
export const crashReporter = strict('crashReporter', {
  start: (options: unknown) => record.note('crashReporter.start', options),
});

/** `nativeImage`: has an image's source but no pixels. */
class NativeImage extends EventEmitter {
  readonly source: string;
  constructor(source: string) {
    super();
    this.source = source;
  }
  isEmpty = () => this.source === '';
  resize = () => this;
  getSize = () => ({ width: 0, height: 0 });
}
export const nativeImage = strict('nativeImage', {
  createEmpty: () => new NativeImage(''),
  createFromPath: (path: string) => new NativeImage(path),
  createFromBuffer: (bytes: Buffer) => new NativeImage(`${bytes.length} bytes`),
  createFromDataURL: (url: string) => new NativeImage(url),
});
