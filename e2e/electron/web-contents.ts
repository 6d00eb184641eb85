import type { Params } from './cdp.ts';
import { Frame } from './frame.ts';
import { IpcMain } from './ipc-main.ts';
import type { MessagePortMain } from './message-ports.ts';
import { emitConsoleMessage, emitNavigationStart, mayNavigate } from './page-events.ts';
import { PageSession, type Size } from './page-session.ts';
import { dispatchPreloadMessage, type MessageReceiver, type PreloadMessage } from './preload-messages.ts';
import { addressForApplication, addressForChromium } from './protocol.ts';
import { record } from './record.ts';
import { commandBrowser, onBrowserEvent } from './renderers.ts';
import { session } from './session.ts';
import { NotModeled, prevented, Strict } from './strict.ts';

/** A page's window. */
export interface Owner {
  /** The page has closed. */
  pageClosed(): void;
  /** The page refused to close. */
  pageStays(): void;
  /** The page has painted for the first time since it was loaded. */
  pagePainted(): void;
  close(): void;
}

type OpenHandler = (details: { url: string; frameName: string; disposition: string }) => { action: string };

let count = 0;
const all = new Set<WebContents>();

/** `WebContents`: one page of Chromium. */
export class WebContents extends Strict implements MessageReceiver {
  readonly id = ++count;
  readonly ipc = new IpcMain();
  readonly session = session.defaultSession;
  readonly owner: Owner;
  readonly #page: PageSession;
  #frame: Frame;
  #url = '';
  #loading = false;
  #painted = false;
  #destroyed = false;
  #crashed = false;
  #closing = false;
  #zoom = 0;
  #openHandler: OpenHandler | undefined;
  /** Addresses that the application loads itself, which emit no `will-navigate`. */
  readonly #ownLoads = new Set<string>();
  #processes = 0;

  constructor(owner: Owner, preload: string | undefined, size: Size) {
    super([
      'did-fail-load',
      'unresponsive',
      'responsive',
      'page-title-updated',
      'found-in-page',
      'zoom-changed',
    ]);
    this.owner = owner;
    this.#frame = this.#newFrame();
    all.add(this);
    this.#page = new PageSession(preload, size, {
      event: (method, params) => this.#receive(method, params),
      preloadMessage: (payload) => dispatchPreloadMessage(this, JSON.parse(payload) as PreloadMessage),
      closed: () => this.#closed(),
      mayFail: () => this.#destroyed || this.#crashed || this.#closing,
    });
  }

  #newFrame(): Frame {
    return new Frame(
      {
        url: () => this.getURL(),
        evaluateInPreload: (expression) => this.evaluateInPreload(expression),
        evaluate: async (code) => await this.executeJavaScript(code),
      },
      1000 + ++this.#processes,
    );
  }

  // --- content

  get mainFrame(): Frame {
    return this.#frame;
  }
  get targetId(): string | undefined {
    return this.#page.targetId;
  }
  getURL = () => addressForApplication(this.#url);
  getTitle = () => '';
  isLoading = () => this.#loading;
  isDestroyed = () => this.#destroyed;
  isCrashed = () => this.#crashed;
  isFocused = () => true;
  getOSProcessId = () => process.pid;
  getProcessId = () => this.#frame.processId;
  getType = () => 'window';

  async loadURL(url: string): Promise<void> {
    await this.#page.ready();
    const loaded = this.#loaded();
    const address = addressForChromium(url);
    this.#ownLoads.add(address);
    const { errorText } = await this.#page.command('Page.navigate', { url: address });
    if (errorText) {
      const code = errorText.replace(/^net::/, '');
      throw Object.assign(new Error(`${code} loading '${url}'`), { code, url });
    }
    await loaded;
  }

  async #loaded(): Promise<void> {
    this.#loading = true;
    await new Promise<void>((resolve) => this.once('did-finish-load', () => resolve()));
  }

  reload(): void {
    this.#loading = true;
    void this.#page.tryCommand('Page.reload');
  }
  reloadIgnoringCache(): void {
    void this.#page.tryCommand('Page.reload', { ignoreCache: true });
  }

  async resizePage(size: Size): Promise<void> {
    await this.#page.resize(size);
  }

  async executeJavaScript(expression: string, userGesture = false): Promise<unknown> {
    const { result, exceptionDetails } = await this.#page.command('Runtime.evaluate', {
      expression,
      userGesture,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  async printToPDF({ printBackground, preferCSSPageSize }: Record<string, boolean>): Promise<Buffer> {
    const { data } = await this.#page.command('Page.printToPDF', { printBackground, preferCSSPageSize });
    return Buffer.from(data, 'base64');
  }

  async capturePage(): Promise<{ toPNG(): Buffer }> {
    const { data } = await this.#page.command('Page.captureScreenshot');
    return { toPNG: () => Buffer.from(data, 'base64') };
  }

  // --- settings that have no effect in the stand-in

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler;
  }
  openDevTools = () => record.note('webContents.openDevTools');
  toggleDevTools = () => record.note('webContents.toggleDevTools');
  focus = () => {};
  getZoomLevel = () => this.#zoom;
  setZoomLevel(level: number): void {
    this.#zoom = level;
    record.note('webContents.setZoomLevel', level);
  }
  getZoomFactor = () => 1.2 ** this.#zoom;
  setZoomFactor(factor: number): void {
    this.setZoomLevel(Math.log(factor) / Math.log(1.2));
  }
  undo = () => this.#edit('undo');
  redo = () => this.#edit('redo');
  cut = () => this.#edit('cut');
  copy = () => this.#edit('copy');
  paste = () => this.#edit('paste');
  delete = () => this.#edit('delete');
  selectAll = () => this.#edit('selectAll');
  #edit(command: string): void {
    record.note(`webContents.${command}`);
    void this.executeJavaScript(`document.execCommand('${command}')`, true).catch(() => {});
  }

  // --- messages

  send(channel: string, ...args: unknown[]): void {
    if (!this.#destroyed) this.#frame.send(channel, ...args);
  }
  postMessage(channel: string, message: unknown, transfer?: MessagePortMain[]): void {
    this.#frame.postMessage(channel, message, transfer);
  }

  /** Evaluates an expression in the world of the preload script. */
  evaluateInPreload(expression: string): void {
    this.#page.evaluateInPreload(expression);
  }

  // --- closing

  /** Closes the page, by default without asking it. */
  close({ waitForBeforeUnload = false }: { waitForBeforeUnload?: boolean } = {}): void {
    if (waitForBeforeUnload) this.askToClose();
    else this.destroy();
  }

  /** Closes the page unless it objects: `beforeunload`, then `will-prevent-unload`. */
  askToClose(): void {
    if (this.#closing || this.#destroyed) return;
    if (this.#crashed || this.#page.targetId === undefined) {
      this.destroy();
      return;
    }
    this.#closing = true;
    // For Electron, a click on the close button counts as activation, without which Chromium asks no page.
    void this.#page.tryCommand('Runtime.evaluate', { expression: '0', userGesture: true });
    this.#requestClose();
  }

  #requestClose(): void {
    void this.#page.tryCommand('Page.close');
  }

  /**
   * Chromium drops a request to close that arrives while it replaces or loads the document, so the request is
   * repeated afterwards.
   */
  #closeIfRequested(): void {
    if (this.#closing) this.#requestClose();
  }

  /** `window.close()`: the page is asked, and the window emits no `close` (electron/electron#28215). */
  closeByScript(): void {
    this.emit('close');
    this.askToClose();
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#page.close();
    this.#closed();
  }

  forcefullyCrashRenderer(): void {
    void this.#page.tryCommand('Page.crash');
  }

  #closed(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    all.delete(this);
    this.#page.forget();
    this.#frame.detach();
    this.emit('destroyed');
    this.owner.pageClosed();
  }

  // --- events of Chromium

  #receive(method: string, params: Params): void {
    switch (method) {
      case 'Runtime.consoleAPICalled':
        emitConsoleMessage(this, this.#frame, params);
        return;
      case 'Page.frameStartedNavigating':
        // Not sent for every navigation within a document, so Page.navigatedWithinDocument handles those.
        if (params.frameId === this.targetId && !/sameDocument/i.test(params.navigationType))
          emitNavigationStart(this, this.#frame, params.url, false);
        return;
      case 'Page.windowOpen':
        this.requestWindow(params);
        return;
      case 'Fetch.requestPaused':
        this.#requestDocument(params);
        return;
      case 'Page.frameNavigated':
        if (params.frame.parentId === undefined) this.#navigated(params.frame.url);
        return;
      case 'Page.navigatedWithinDocument':
        emitNavigationStart(this, this.#frame, params.url, true);
        this.#url = params.url;
        this.emit('did-navigate-in-page', {}, this.getURL(), true);
        return;
      case 'Page.domContentEventFired':
        this.emit('dom-ready', {});
        this.#closeIfRequested();
        return;
      case 'Page.loadEventFired':
        this.#loading = false;
        this.#paint();
        this.emit('did-finish-load', {});
        this.emit('did-stop-loading', {});
        return;
      case 'Page.lifecycleEvent':
        if (params.name === 'firstContentfulPaint') this.#paint();
        return;
      case 'Page.javascriptDialogOpening':
        if (params.type === 'beforeunload') this.#objectToClose();
        return;
      case 'Inspector.targetCrashed':
        this.#crashed = true;
        this.#page.dropPreload();
        this.#frame.detach();
        this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 11 });
        return;
      case 'Inspector.targetReloadedAfterCrash':
        this.#crashed = false;
        return;
    }
  }

  /** A frame requests a document. */
  #requestDocument(params: Params): void {
    const { requestId, request, frameId } = params;
    const own = this.#ownLoads.delete(request.url) || request.url === this.#url;
    if (own || mayNavigate(this, this.#frame, params, frameId === this.targetId))
      void this.#page.tryCommand('Fetch.continueRequest', { requestId });
    else void this.#page.tryCommand('Fetch.failRequest', { requestId, errorReason: 'Aborted' });
  }

  /** The page opens a window, which the application can only deny here. */
  requestWindow({ url, windowName }: Params): void {
    const details = { url: addressForApplication(url), frameName: windowName, disposition: 'new-window' };
    if (this.#openHandler?.(details).action !== 'deny') throw new NotModeled('windows that a page opens');
  }

  #navigated(url: string): void {
    if (this.#url !== '') {
      this.#frame.detach();
      this.#frame = this.#newFrame();
    }
    this.#crashed = false;
    this.#painted = false;
    this.#url = url;
    this.emit('did-navigate', {}, this.getURL(), 200, 'OK');
    this.#closeIfRequested();
  }

  /** Reports the first paint of each document. */
  #paint(): void {
    if (this.#painted || this.#url === 'about:blank') return;
    this.#painted = true;
    this.owner.pagePainted();
  }

  #objectToClose(): void {
    const leave = prevented(this, 'will-prevent-unload');
    void this.#page.tryCommand('Page.handleJavaScriptDialog', { accept: leave });
    if (leave || !this.#closing) return;
    this.#closing = false;
    this.owner.pageStays();
  }
}

// Chromium opens a denied window for a moment.
onBrowserEvent((method, { targetInfo }) => {
  if (method !== 'Target.targetCreated' || targetInfo.openerId === undefined) return;
  void commandBrowser('Target.closeTarget', { targetId: targetInfo.targetId });
});

/** `webContents`. */
export const webContents = {
  getAllWebContents: () => [...all],
  getFocusedWebContents: () => [...all].at(-1) ?? null,
  fromId: (id: number) => [...all].find((each) => each.id === id),
  fromDevToolsTargetId: (id: string) => [...all].find((each) => each.targetId === id),
};
