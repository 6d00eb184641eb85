import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Browsers open a connection or two ahead of the request that shows their cookie. */
const MOST = 32;

/**
 * Connections on which nobody has shown the session's cookie yet. There are only so many of them: the longest waiting one is
 * closed for a new one, so that whoever opens connections and says nothing cannot keep the page from its host.
 */
export class UnauthenticatedConnections {
  readonly #waiting = new Set<Socket>();
  readonly #most: number;

  constructor(server: Server, most = MOST) {
    this.#most = most;
    server.on('connection', (socket) => this.#take(socket));
  }

  /** The connection has shown the cookie. */
  admit(socket: Socket): void {
    this.#waiting.delete(socket);
  }

  #take(socket: Socket): void {
    socket.once('close', () => this.#waiting.delete(socket));
    this.#waiting.add(socket);
    for (const oldest of this.#waiting) {
      if (this.#waiting.size <= this.#most) break;
      this.#waiting.delete(oldest);
      oldest.destroy();
    }
  }
}
