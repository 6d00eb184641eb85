import type { Params } from './cdp.ts';
import { session } from './session.ts';
import { Frame } from './frame.ts';
import { IpcMain, ipcMain } from './ipc-main.ts';
import { chooseByKey, type KeyInput } from './menu-keys.ts';
import { toJson, type MessagePortMain } from './message-ports.ts';
import { pageScript, preloadScript, preloadWorld } from './page-scripts.ts';
import { addressForApplication, addressForChromium } from './protocol.ts';
import { record } from './record.ts';
import { commandBrowser, onBrowserEvent, Target } from './renderers.ts';
import { NotModelled, PreventableEvent, prevented, Strict } from './strict.ts';

/** The window that a page is in. */
export interface Owner {
  /** The page closed itself or was closed with no question left. */
  pageGone(): void;
  /** The page wants to stay. */
  pageStays(): void;
  /** The page has painted for the first time since it was loaded. */
  pagePainted(): void;
  close(): void;
}

interface FromPreload {
  type: 'send' | 'invoke' | 'port' | 'port-closed' | 'open' | 'close' | 'key' | 'context-menu';
  id: number;
  channel: string;
  args: unknown[];
  data: unknown;
  input: KeyInput;
  params: object;
}

type OpenHandler = (details: { url: string; frameName: string; disposition: string }) => { action: string };

let count = 0;
const all = new Set<WebContents>();

/** `WebContents`: one page of Chromium. */
export class WebContents extends Strict {
  readonly id = ++count;
  readonly ipc = new IpcMain();
  readonly session = session.defaultSession;
  readonly owner: Owner;
  #target: Target | undefined;
  readonly #opened: Promise<Target>;
  #preloadContext: number | undefined;
  #frame: Frame;
  #url = '';
  #title = '';
  #loading = false;
  #painted = false;
  #destroyed = false;
  #crashed = false;
  #closing = false;
  #zoom = 0;
  #openHandler: OpenHandler | undefined;
  /** Addresses that the application itself loads: no question of `will-navigate`. */
  readonly #own = new Set<string>();
  #processes = 0;

  constructor(owner: Owner, preload: string | undefined, size: { width: number; height: number }) {
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
    this.#opened = this.#open(preload, size);
    this.#opened.catch((thrown: unknown) => this.#destroyed || console.error('[stand-in] no page:', thrown));
  }

  async #open(preload: string | undefined, size: { width: number; height: number }): Promise<Target> {
    const target = await Target.open(size, () => this.#gone());
    this.#target = target;
    target.listen((method, params) => this.#heard(method, params));
    const commands: [string, object][] = [
      ['Page.enable', {}],
      ['Page.setLifecycleEventsEnabled', { enabled: true }],
      ['Runtime.enable', {}],
      ['Inspector.enable', {}],
      ['Debugger.enable', {}],
      ['Fetch.enable', { patterns: [{ resourceType: 'Document' }] }],
      ['Runtime.addBinding', { name: 'standInSend', executionContextName: preloadWorld }],
      ['Page.addScriptToEvaluateOnNewDocument', { source: pageScript() }],
      ['Page.addScriptToEvaluateOnNewDocument', { source: preloadScript(preload), worldName: preloadWorld }],
    ];
    await Promise.all(commands.map(async ([method, params]) => await target.command(method, params)));
    await this.resizePage(size);
    return target;
  }

  #newFrame(): Frame {
    return new Frame(
      {
        url: () => this.getURL(),
        tellPreload: (expression) => this.#tellPreload(expression),
        evaluate: async (code) => await this.executeJavaScript(code),
      },
      1000 + ++this.#processes,
    );
  }

  // --- what it shows

  get mainFrame(): Frame {
    return this.#frame;
  }
  get targetId(): string | undefined {
    return this.#target?.id;
  }
  getURL = () => addressForApplication(this.#url);
  getTitle = () => this.#title;
  isLoading = () => this.#loading;
  isDestroyed = () => this.#destroyed;
  isCrashed = () => this.#crashed;
  isFocused = () => true;
  getOSProcessId = () => process.pid;
  getProcessId = () => this.#frame.processId;
  getType = () => 'window';

  async loadURL(url: string): Promise<void> {
    const target = await this.#opened;
    const loaded = this.#loaded();
    this.#own.add(addressForChromium(url));
    const { errorText } = await target.command('Page.navigate', { url: addressForChromium(url) });
    if (errorText) throw new Error(`${errorText} loading '${url}'`);
    await loaded;
  }

  async #loaded(): Promise<void> {
    this.#loading = true;
    await new Promise<void>((resolve) => this.once('did-finish-load', () => resolve()));
  }

  reload(): void {
    this.#loading = true;
    void this.#command('Page.reload');
  }
  reloadIgnoringCache(): void {
    void this.#command('Page.reload', { ignoreCache: true });
  }

  async resizePage({ width, height }: { width: number; height: number }): Promise<void> {
    const size = { width, height, deviceScaleFactor: 1, mobile: false };
    await this.#target?.command('Emulation.setDeviceMetricsOverride', size);
  }

  async executeJavaScript(expression: string, userGesture = false): Promise<unknown> {
    const target = await this.#opened;
    const { result, exceptionDetails } = await target.command('Runtime.evaluate', {
      expression,
      userGesture,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  async capturePage(): Promise<{ toPNG(): Buffer }> {
    const { data } = await (await this.#opened).command('Page.captureScreenshot');
    return { toPNG: () => Buffer.from(data, 'base64') };
  }

  // --- settings that only a real window shows

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

  #tellPreload(expression: string): void {
    const contextId = this.#preloadContext;
    if (contextId === undefined) return;
    void this.#command('Runtime.evaluate', { expression, contextId }).then((answer: Params) => {
      if (answer?.exceptionDetails)
        console.error('[stand-in] preload script:', answer.exceptionDetails.exception?.description);
    });
  }

  #fromPreload({ type, id, channel, args, data, input, params }: FromPreload): void {
    const frame = this.#frame;
    const event = {
      sender: this,
      senderFrame: frame,
      processId: frame.processId,
      frameId: frame.routingId,
      ports: [],
      type: 'frame',
      reply: (to: string, ...values: unknown[]) => frame.send(to, ...values),
    };
    if (type === 'send') {
      record.note('ipc', channel);
      this.emit('ipc-message', event, channel, ...args);
      this.ipc.emit(channel, event, ...args);
      ipcMain.emit(channel, event, ...args);
    }
    if (type === 'invoke') void this.#invoke(frame, id, channel, event, args);
    if (type === 'port') frame.fromPort(id, data);
    if (type === 'port-closed') frame.portClosed(id);
    if (type === 'open') this.#opensWindow(params);
    if (type === 'close') this.#closeByScript();
    if (type === 'key') {
      const forbidden = prevented(this, 'before-input-event', { type: 'keyDown', ...input });
      // The page has had the key by now.
      if (forbidden) throw new Error('The stand-in cannot keep a key from the page (before-input-event).');
      chooseByKey(input, this);
    }
    if (type === 'context-menu') this.emit('context-menu', {}, { frame, ...params });
  }

  async #invoke(frame: Frame, id: number, channel: string, event: object, args: unknown[]): Promise<void> {
    const handler = this.ipc.handlerOf(channel) ?? ipcMain.handlerOf(channel);
    let answer: [unknown, string | null];
    try {
      if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
      answer = [await handler(event, ...args), null];
    } catch (thrown) {
      answer = [null, `Error invoking remote method '${channel}': ${String(thrown)}`];
    }
    if (!frame.detached)
      this.#tellPreload(`standIn.settle(${id}, ${toJson(answer[0])}, ${toJson(answer[1])})`);
  }

  // --- closing

  /** @param options without `waitForBeforeUnload` the page is not asked */
  close({ waitForBeforeUnload = false }: { waitForBeforeUnload?: boolean } = {}): void {
    if (waitForBeforeUnload) this.askToClose();
    else this.destroy();
  }

  /** Closes the page, which may want to stay: `beforeunload`, then `will-prevent-unload`. */
  askToClose(): void {
    if (this.#closing || this.#destroyed) return;
    if (this.#crashed || this.#target === undefined) {
      this.destroy();
      return;
    }
    this.#closing = true;
    // Electron counts a click on the close button as activation: without one Chromium would not ask.
    void this.#command('Runtime.evaluate', { expression: '0', userGesture: true });
    void this.#command('Page.close');
  }

  /** `window.close()`: the page is asked, `close` of the window is not emitted (electron/electron#28215). */
  #closeByScript(): void {
    this.emit('close');
    this.askToClose();
  }

  destroy(): void {
    if (this.#destroyed) return;
    void this.#opened.then(
      (target) => target.command('Target.closeTarget', { targetId: target.id }).catch(() => {}),
      () => {},
    );
    this.#gone();
  }

  forcefullyCrashRenderer(): void {
    void this.#command('Page.crash');
  }

  #gone(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    all.delete(this);
    this.#target?.forget();
    this.#preloadContext = undefined;
    this.#frame.detach();
    this.emit('destroyed');
    this.owner.pageGone();
  }

  // --- what Chromium tells

  #heard(method: string, params: Params): void {
    switch (method) {
      case 'Runtime.executionContextCreated':
        if (params.context.name === preloadWorld) this.#preloadContext = params.context.id;
        return;
      case 'Runtime.bindingCalled':
        if (params.name === 'standInSend') this.#fromPreload(JSON.parse(params.payload) as FromPreload);
        return;
      case 'Runtime.consoleAPICalled':
        this.#heardConsole(params);
        return;
      case 'Debugger.paused':
        void this.#answerPath(params);
        return;
      case 'Page.frameStartedNavigating':
        // Within a document there may be no such event: Page.navigatedWithinDocument comes in any case.
        if (params.frameId === this.#target?.id && !/sameDocument/i.test(params.navigationType))
          this.#startsNavigation(params.url, false);
        return;
      case 'Page.windowOpen':
        this.#opensWindow(params);
        return;
      case 'Fetch.requestPaused':
        this.#navigates(params);
        return;
      case 'Page.frameNavigated':
        if (params.frame.parentId === undefined) this.#navigated(params.frame.url);
        return;
      case 'Page.navigatedWithinDocument':
        this.#startsNavigation(params.url, true);
        this.#url = params.url;
        this.emit('did-navigate-in-page', {}, this.getURL(), true);
        return;
      case 'Page.domContentEventFired':
        this.emit('dom-ready', {});
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
        if (params.type === 'beforeunload') this.#wantsToStay();
        return;
      case 'Inspector.targetCrashed':
        this.#crashed = true;
        this.#preloadContext = undefined;
        this.#frame.detach();
        this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 11 });
        return;
      case 'Inspector.targetReloadedAfterCrash':
        this.#crashed = false;
        return;
    }
  }

  #startsNavigation(url: string, isSameDocument: boolean): void {
    const details = {
      url: addressForApplication(url),
      isMainFrame: true,
      isSameDocument,
      frame: this.#frame,
      initiator: this.#frame,
    };
    this.emit('did-start-navigation', details, details.url, isSameDocument, true);
  }

  /** A document is asked for: by the application, or by the page, which may be forbidden to. */
  #navigates({ requestId, request, redirectedRequestId, frameId }: Params): void {
    const { url } = request as { url: string };
    const own = this.#own.delete(url) || url === this.#url;
    const main = frameId === this.#target?.id;
    const event = Object.assign(new PreventableEvent(), {
      url: addressForApplication(url),
      isMainFrame: main,
      frame: this.#frame,
      initiator: this.#frame,
    });
    if (!own && redirectedRequestId !== undefined) this.emit('will-redirect', event);
    else if (!own && main) this.emit('will-navigate', event);
    if (!own && redirectedRequestId === undefined) this.emit('will-frame-navigate', event);
    if (event.defaultPrevented)
      void this.#command('Fetch.failRequest', { requestId, errorReason: 'Aborted' });
    else void this.#command('Fetch.continueRequest', { requestId });
  }

  /** The page opens another: the application is asked, and here it can only deny it. */
  #opensWindow({ url, windowName }: Params): void {
    const details = { url: addressForApplication(url), frameName: windowName, disposition: 'new-window' };
    if (this.#openHandler?.(details).action !== 'deny') throw new NotModelled('windows that a page opens');
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
  }

  /** Once for each document. */
  #paint(): void {
    if (this.#painted || this.#url === 'about:blank') return;
    this.#painted = true;
    this.owner.pagePainted();
  }

  #wantsToStay(): void {
    const leave = prevented(this, 'will-prevent-unload');
    void this.#command('Page.handleJavaScriptDialog', { accept: leave });
    if (leave || !this.#closing) return;
    this.#closing = false;
    this.owner.pageStays();
  }

  #heardConsole({ type, args, stackTrace }: Params): void {
    const message = (args as { value?: unknown; description?: string }[])
      .map(({ value, description }) => value ?? description)
      .join(' ');
    const at = stackTrace?.callFrames?.[0];
    const level = { error: 'error', warning: 'warning', debug: 'debug' }[type as string] ?? 'info';
    const details = {
      message,
      level,
      lineNumber: at?.lineNumber ?? 0,
      sourceId: at?.url ?? '',
      frame: this.#frame,
    };
    this.emit('console-message', details, ['debug', 'info', 'warning', 'error'].indexOf(level), message);
  }

  /** The preload script waits at its `debugger` for the path of a file. */
  async #answerPath({ callFrames }: Params): Promise<void> {
    const callFrameId = callFrames[0]?.callFrameId;
    const inFrame = async (expression: string) =>
      await this.#command('Debugger.evaluateOnCallFrame', { callFrameId, expression });
    const file = await inFrame('standInAsks.file');
    if (file?.result?.objectId !== undefined) {
      const info = await this.#command('DOM.getFileInfo', { objectId: file.result.objectId });
      await inFrame(`standInAsks.path = ${JSON.stringify(info?.path ?? '')}`);
    }
    await this.#command('Debugger.resume');
  }

  /** A command to a page that may be gone by the time it arrives. */
  async #command(method: string, params: object = {}): Promise<Params> {
    try {
      return await (await this.#opened).command(method, params);
    } catch (thrown) {
      if (!this.#destroyed && !this.#crashed && !this.#closing) console.error('[stand-in]', thrown);
      return undefined;
    }
  }
}

// A window that was denied is there for a moment.
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
