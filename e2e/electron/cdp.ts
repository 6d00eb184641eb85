import { EventEmitter, once } from 'node:events';

interface Message {
  id?: number;
  method?: string;
  params?: object;
  sessionId?: string;
  result?: unknown;
  error?: { message: string };
}

interface Pending {
  method: string;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the protocol is not typed here
export type Params = any;

/**
 * A connection to Chromium by the DevTools protocol. Emits `event` with session, method and parameters, and `closed`.
 */
export class DevTools extends EventEmitter {
  readonly #socket: WebSocket;
  readonly #pending = new Map<number, Pending>();
  #count = 0;

  static async connect(address: string): Promise<DevTools> {
    const socket = new WebSocket(address);
    await once(socket, 'open');
    return new DevTools(socket);
  }

  private constructor(socket: WebSocket) {
    super();
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#take(JSON.parse(String(data)) as Message));
    socket.addEventListener('close', () => {
      for (const { method, reject } of this.#pending.values())
        reject(new Error(`${method}: Chromium has ended.`));
      this.#pending.clear();
      this.emit('closed');
    });
  }

  async send(method: string, params: object = {}, sessionId?: string): Promise<Params> {
    if (this.#socket.readyState !== WebSocket.OPEN) throw new Error(`${method}: Chromium has ended.`);
    const id = ++this.#count;
    const answered = new Promise((resolve, reject) => this.#pending.set(id, { method, resolve, reject }));
    this.#socket.send(
      JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) }),
    );
    return await answered;
  }

  #take({ id, method, params, sessionId, result, error }: Message): void {
    if (id === undefined) {
      this.emit('event', sessionId, method, params);
      return;
    }
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (error) pending?.reject(new Error(`${pending.method}: ${error.message}`));
    else pending?.resolve(result);
  }
}
