import { Strict } from './strict.ts';

/** The other end of a port that was transferred to a page. */
interface Remote {
  send(message: unknown): void;
  close(): void;
}

/** `MessagePortMain`. Messages to a page are copied as JSON. */
export class MessagePortMain extends Strict {
  #other: MessagePortMain | undefined;
  #remote: Remote | undefined;
  #queue: unknown[] | undefined = [];
  #closed = false;

  entangle(other: MessagePortMain): void {
    this.#other = other;
  }

  postMessage(message: unknown, transfer: unknown[] = []): void {
    if (transfer.length > 0) throw new Error('The stand-in cannot transfer ports through ports.');
    if (this.#closed || !this.#other) return;
    if (this.#other.#remote) this.#other.#remote.send(message);
    else this.#other.deliver(structuredClone(message));
  }

  start(): void {
    const waiting = this.#queue ?? [];
    this.#queue = undefined;
    for (const message of waiting) this.deliver(message);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    setImmediate(() => this.emit('close'));
    this.#other?.closeFromOther();
  }

  /** Called when the other end closes. */
  closeFromOther(): void {
    if (this.#remote) this.#remote.close();
    else this.close();
  }

  /** Receives a message from the other end. */
  deliver(data: unknown): void {
    if (this.#closed) return;
    if (this.#queue) this.#queue.push(data);
    else setImmediate(() => this.#closed || this.emit('message', { data, ports: [] }));
  }

  /** Transfers this port to a page. @returns the end in this process */
  transferTo(remote: Remote): MessagePortMain {
    if (this.#remote || this.#closed || !this.#other) throw new Error('A port can be transferred once.');
    this.#remote = remote;
    // Deliver messages sent before the transfer.
    for (const message of this.#queue?.splice(0) ?? []) remote.send(message);
    return this.#other;
  }
}

/** `MessageChannelMain`. */
export class MessageChannelMain {
  readonly port1 = new MessagePortMain();
  readonly port2 = new MessagePortMain();

  constructor() {
    this.port1.entangle(this.port2);
    this.port2.entangle(this.port1);
  }
}

/** Serializes a message to a page as JSON. @throws if JSON would change it */
export function toJson(value: unknown): string {
  const json = JSON.stringify(value, (_key, each: unknown) => {
    const changed =
      ['function', 'symbol', 'bigint'].includes(typeof each) ||
      each instanceof Map ||
      each instanceof Set ||
      ArrayBuffer.isView(each) ||
      each instanceof ArrayBuffer ||
      (typeof each === 'number' && !Number.isFinite(each));
    if (changed) throw new Error('The stand-in passes only JSON between processes.');
    return each;
  });
  return json ?? 'null';
}
