import { STATUS_CODES } from 'node:http';
import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { RPCHandler } from '@orpc/server/websocket';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Services } from '../../services/types.ts';
import { isRpcMessage, MESSAGE_LIMIT } from '../rpc-message.ts';
import { createRouter } from '../router.ts';
import { RateLimitedLog } from '../rate-limited-log.ts';
import { checkHostAndOrigin, checkSession } from './request-guard.ts';
import type { Rejection } from './request-guard.ts';
import { isOwnUser } from './peer-user.ts';
import type { Session } from './session.ts';
import type { UnauthenticatedConnections } from './unauthenticated-connections.ts';

/** Maximum number of open pages, more than anyone uses at a time. */
const MAX_SOCKETS = 32;

/**
 * Reading from a page pauses while it has more unread response bytes, or more calls in progress, than this.
 */
const MAX_UNREAD_BYTES = 4 * 2 ** 20;
const MAX_CALLS = 256;

/**
 * Serves the calls of pages on WebSockets at `/api`. Closing a socket aborts its calls.
 *
 * @param messageLimit largest message in bytes; a larger one closes the socket
 * @returns closes all sockets
 */
export function serveRpcSockets(
  server: Server,
  port: number,
  session: Session,
  unauthenticated: UnauthenticatedConnections,
  services: Services,
  messageLimit = MESSAGE_LIMIT,
): () => void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: messageLimit, perMessageDeflate: false });
  const calls = new RPCHandler(createRouter(services, { kind: 'browser' }));

  const log = new RateLimitedLog();

  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const wrongPath = request.url === '/api' ? undefined : { status: 404, message: 'Not found.' };
    const full = { status: 503, message: 'Perch is open in too many windows. Close some of them.' };
    const rejection =
      checkHostAndOrigin(request, port) ??
      checkSession(request, session) ??
      wrongPath ??
      (sockets.clients.size < MAX_SOCKETS ? undefined : full);
    if (rejection) return reject(socket, rejection);
    void isOwnUser(request.socket).then((isOwn) => {
      if (!isOwn) return socket.destroy();
      unauthenticated.admit(request.socket);
      sockets.handleUpgrade(request, socket, head, opened);
    });
  });

  const opened = (webSocket: WebSocket) => {
    // After a message that is too large or invalid, the socket closes itself. Without a listener, the process
    // would exit.
    webSocket.on('error', (error) => log.write(`A page was disconnected: ${error.message}`));
    serveSocket(calls, webSocket, log);
  };

  return () => {
    for (const webSocket of sockets.clients) webSocket.terminate();
  };
}

function serveSocket(
  calls: RPCHandler<Record<never, never>>,
  webSocket: WebSocket,
  log: RateLimitedLog,
): void {
  let open = 0;
  const pauseOrResume = () => {
    if (open < MAX_CALLS && webSocket.bufferedAmount < MAX_UNREAD_BYTES) webSocket.resume();
    else webSocket.pause();
  };
  // A call ends when its response has been sent, which depends on how fast the page reads.
  const send = (response: string) =>
    new Promise<void>((resolve) => {
      webSocket.send(response, () => {
        resolve();
        pauseOrResume();
      });
    });
  // The handler uses this only to send. Messages are passed to it below.
  const peer = { send } as unknown as Parameters<typeof calls.message>[0];
  webSocket.on('message', (data, isBinary) => {
    const message = isBinary ? undefined : (data as Buffer).toString();
    if (!isRpcMessage(message)) return log.write('Ignored an invalid message from a page.');
    open++;
    void calls
      .message(peer, message)
      .catch((thrown: unknown) => log.write(`A call failed: ${String(thrown)}`))
      .finally(() => {
        open--;
        pauseOrResume();
      });
    pauseOrResume();
  });
  webSocket.on('close', () => calls.close(peer));
}

function reject(socket: Duplex, { status, message }: Rejection): void {
  const body = `${message}\n`;
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `X-Content-Type-Options: nosniff\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
