import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Browsers open a few connections before the request that carries the cookie. */
const MAX_CONNECTIONS = 32;

/**
 * Limits the connections that have not sent the session's cookie. A new one replaces the oldest, so that idle connections from
 * other programs cannot lock out the page.
 */
export class UnauthenticatedConnections {
  readonly #waiting = new Set<Socket>();
  readonly #max: number;

  constructor(server: Server, max = MAX_CONNECTIONS) {
    this.#max = max;
    server.on('connection', (socket) => this.#add(socket));
  }

  /** Stops counting a connection that sent the cookie. */
  admit(socket: Socket): void {
    this.#waiting.delete(socket);
  }

  #add(socket: Socket): void {
    socket.once('close', () => this.#waiting.delete(socket));
    this.#waiting.add(socket);
    for (const oldest of this.#waiting) {
      if (this.#waiting.size <= this.#max) break;
      this.#waiting.delete(oldest);
      oldest.destroy();
    }
  }
}
