import { toJson, type MessagePortMain } from './message-ports.ts';
import { Strict } from './strict.ts';

/** The page of a frame, and the way to the world of its preload script. */
export interface FramePage {
  /** Address as the application knows it. */
  url(): string;
  /** Evaluates in the isolated world; nothing where the page is gone. */
  tellPreload(expression: string): void;
  evaluate(code: string): Promise<unknown>;
}

let portCount = 0;

/** `WebFrameMain` of the main frame; the stand-in shows no others. One lives until the page leaves. */
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
        send: (message) => this.#page.tellPreload(`standIn.toPort(${id}, ${toJson(message)})`),
        close: () => this.#page.tellPreload(`standIn.closePort(${id})`),
      });
      this.#ports.set(id, other);
      return id;
    });
    this.#page.tellPreload(`standIn.deliver(${toJson(channel)}, ${toJson(args)}, ${toJson(ids)})`);
  }

  /** A message that the page sent on a port. */
  fromPort(id: number, data: unknown): void {
    this.#ports.get(id)?.deliver(data);
  }

  /** A port that the page closed. */
  portClosed(id: number): void {
    this.#ports.get(id)?.close();
    this.#ports.delete(id);
  }

  /** The page has left: its ports close. */
  detach(): void {
    this.#detached = true;
    for (const port of this.#ports.values()) port.close();
    this.#ports.clear();
  }
}
