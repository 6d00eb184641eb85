import { toJson, type MessagePortMain } from './message-ports.ts';
import { Strict } from './strict.ts';

/** A frame's page with access to the world of its preload script. */
export interface FramePage {
  /** Address in the application. */
  url(): string;
  /** Evaluates in the isolated world; does nothing after the page has closed. */
  evaluateInPreload(expression: string): void;
  evaluate(code: string): Promise<unknown>;
}

let portCount = 0;

/** `WebFrameMain` of the main frame, the only one that the stand-in models. It exists until the page navigates. */
export class Frame extends Strict {
  readonly parent = null;
  readonly frames = [];
  readonly processId: number;
  readonly routingId = 1;
  readonly #page: FramePage;
  readonly #ports = new Map<number, MessagePortMain>();
  #detached = false;

  constructor(page: FramePage, processId: number) {
    super();
    this.#page = page;
    this.processId = processId;
  }

  get top(): this {
    return this;
  }
  get url(): string {
    return this.#page.url();
  }
  get origin(): string {
    return /^[^:]+:\/\/[^/]*/.exec(this.url)?.[0] ?? 'null';
  }
  get detached(): boolean {
    return this.#detached;
  }
  isDestroyed = () => this.#detached;

  send(channel: string, ...args: unknown[]): void {
    this.#deliver(channel, args, []);
  }

  postMessage(channel: string, message: unknown, transfer: MessagePortMain[] = []): void {
    this.#deliver(channel, [message], transfer);
  }

  executeJavaScript = async (code: string): Promise<unknown> => await this.#page.evaluate(code);

  #deliver(channel: string, args: unknown[], transfer: MessagePortMain[]): void {
    if (this.#detached) throw new Error('Render frame was disposed before WebFrameMain could be accessed');
    const ids = transfer.map((port) => {
      const id = ++portCount;
      const other = port.transferTo({
        send: (message) => this.#page.evaluateInPreload(`standIn.toPort(${id}, ${toJson(message)})`),
        close: () => this.#page.evaluateInPreload(`standIn.closePort(${id})`),
      });
      this.#ports.set(id, other);
      return id;
    });
    this.#page.evaluateInPreload(`standIn.deliver(${toJson(channel)}, ${toJson(args)}, ${toJson(ids)})`);
  }

  /** Receives a page's message on a port. */
  fromPort(id: number, data: unknown): void {
    this.#ports.get(id)?.deliver(data);
  }

  /** Called when the page closes a port. */
  portClosed(id: number): void {
    this.#ports.get(id)?.close();
    this.#ports.delete(id);
  }

  /** Closes the ports when the page unloads. */
  detach(): void {
    this.#detached = true;
    for (const port of this.#ports.values()) port.close();
    this.#ports.clear();
  }
}
