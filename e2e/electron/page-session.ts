import type { Params } from './cdp.ts';
import { pageScript, preloadScript, preloadWorld } from './page-scripts.ts';
import { Target } from './renderers.ts';

export interface Size {
  width: number;
  height: number;
}

/** Receiver of a page's events. */
export interface PageListener {
  /** An event of the DevTools protocol. */
  event(method: string, params: Params): void;
  /** A message from the preload script, as JSON. */
  preloadMessage(payload: string): void;
  /** Chromium closed the page. */
  closed(): void;
  /** Whether the page is closing or has crashed, so that commands may fail. */
  mayFail(): boolean;
}

/** The DevTools session of a page that runs a preload script. Commands wait until the page is open. */
export class PageSession {
  readonly #listener: PageListener;
  readonly #opened: Promise<Target>;
  #target: Target | undefined;
  #preloadContext: number | undefined;

  constructor(preload: string | undefined, size: Size, listener: PageListener) {
    this.#listener = listener;
    this.#opened = this.#open(preload, size);
    this.#opened.catch((thrown: unknown) => {
      if (!listener.mayFail()) console.error('[stand-in] no page:', thrown);
    });
  }

  async #open(preload: string | undefined, size: Size): Promise<Target> {
    const target = await Target.open(size, () => this.#listener.closed());
    this.#target = target;
    target.listen((method, params) => this.#receive(method, params));
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
    await this.resize(size);
    return target;
  }

  /** Id of the target; undefined until the page is open. */
  get targetId(): string | undefined {
    return this.#target?.id;
  }

  /** Waits until the page is open. */
  async ready(): Promise<void> {
    await this.#opened;
  }

  /** Sends a command. @throws if it fails */
  async command(method: string, params: object = {}): Promise<Params> {
    return await (await this.#opened).command(method, params);
  }

  /** Sends a command to a page that may have closed. @returns undefined if it fails */
  async tryCommand(method: string, params: object = {}): Promise<Params> {
    try {
      return await this.command(method, params);
    } catch (thrown) {
      if (!this.#listener.mayFail()) console.error('[stand-in]', thrown);
      return undefined;
    }
  }

  async resize({ width, height }: Size): Promise<void> {
    const size = { width, height, deviceScaleFactor: 1, mobile: false };
    await this.#target?.command('Emulation.setDeviceMetricsOverride', size);
  }

  /** Evaluates an expression in the world of the preload script. */
  evaluateInPreload(expression: string): void {
    const contextId = this.#preloadContext;
    if (contextId === undefined) return;
    void this.tryCommand('Runtime.evaluate', { expression, contextId }).then((result: Params) => {
      if (result?.exceptionDetails)
        console.error('[stand-in] preload script:', result.exceptionDetails.exception?.description);
    });
  }

  /** Drops the preload script of a page that crashed or closed. */
  dropPreload(): void {
    this.#preloadContext = undefined;
  }

  /** Closes the page without asking it. */
  close(): void {
    void this.#opened.then(
      (target) => target.command('Target.closeTarget', { targetId: target.id }).catch(() => {}),
      () => {},
    );
  }

  /** Stops listening. */
  forget(): void {
    this.#target?.forget();
    this.dropPreload();
  }

  #receive(method: string, params: Params): void {
    if (method === 'Runtime.executionContextCreated') {
      if (params.context.name === preloadWorld) this.#preloadContext = params.context.id;
    } else if (method === 'Runtime.bindingCalled') {
      if (params.name === 'standInSend') this.#listener.preloadMessage(params.payload);
    } else if (method === 'Debugger.paused') {
      void this.#provideFilePath(params);
    } else {
      this.#listener.event(method, params);
    }
  }

  /** `webUtils.getPathForFile`: the preload script waits at its `debugger` statement for the path of a file. */
  async #provideFilePath({ callFrames }: Params): Promise<void> {
    const callFrameId = callFrames[0]?.callFrameId;
    const inFrame = async (expression: string) =>
      await this.tryCommand('Debugger.evaluateOnCallFrame', { callFrameId, expression });
    const file = await inFrame('standInAsks.file');
    if (file?.result?.objectId !== undefined) {
      const info = await this.tryCommand('DOM.getFileInfo', { objectId: file.result.objectId });
      await inFrame(`standInAsks.path = ${JSON.stringify(info?.path ?? '')}`);
    }
    await this.tryCommand('Debugger.resume');
  }
}
