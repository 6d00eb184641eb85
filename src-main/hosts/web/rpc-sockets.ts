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

/** Windows of one browser; more than a person opens. */
const maxSockets = 32;

/** A window that does not read its answers, or has more calls than this under way, is not read from until it does or they end. */
const MAX_UNREAD_BYTES = 4 * 2 ** 20;
const MAX_CALLS = 256;

/**
 * Answers the calls of the page on web sockets at `/api`. A socket that closes takes its calls with it.
 *
 * @param messageLimit largest message, in bytes; a larger one closes its socket
 * @returns what ends all sockets
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
    const elsewhere =
      request.url === '/api' ? undefined : { status: 404, message: 'There is no such address.' };
    const crowded = { status: 503, message: 'Perch is open in too many windows: close some.' };
    const refused =
      checkHostAndOrigin(request, port) ??
      checkSession(request, session) ??
      elsewhere ??
      (sockets.clients.size < maxSockets ? undefined : crowded);
    if (refused) return refuse(socket, refused);
    void isOwnUser(request.socket).then((isOurs) => {
      if (!isOurs) return socket.destroy();
      unauthenticated.admit(request.socket);
      sockets.handleUpgrade(request, socket, head, opened);
    });
  });

  const opened = (webSocket: WebSocket) => {
    // Messages that are too large or broken: the socket closes itself; without a listener the process would end.
    webSocket.on('error', (error) => log.tell(`A window was disconnected: ${error.message}`));
    answer(calls, webSocket, log);
  };

  return () => {
    for (const webSocket of sockets.clients) webSocket.terminate();
  };
}

function answer(calls: RPCHandler<Record<never, never>>, webSocket: WebSocket, log: RateLimitedLog): void {
  let open = 0;
  const readOn = () => {
    if (open < MAX_CALLS && webSocket.bufferedAmount < MAX_UNREAD_BYTES) webSocket.resume();
    else webSocket.pause();
  };
  // A call has ended once its answer has gone out, which takes as long as the window lets it.
  const send = (answer: string) =>
    new Promise<void>((resolve) => {
      webSocket.send(answer, () => {
        resolve();
        readOn();
      });
    });
  // Nothing but sending is asked of it: messages come from below.
  const window = { send } as unknown as Parameters<typeof calls.message>[0];
  webSocket.on('message', (data, isBinary) => {
    const message = isBinary ? undefined : (data as Buffer).toString();
    if (!isRpcMessage(message)) return log.tell('A window sent what is no call; it was left aside.');
    open++;
    void calls
      .message(window, message)
      .catch((thrown: unknown) => log.tell(`A call could not be answered: ${String(thrown)}`))
      .finally(() => {
        open--;
        readOn();
      });
    readOn();
  });
  webSocket.on('close', () => calls.close(window));
}

function refuse(socket: Duplex, { status, message }: Rejection): void {
  const body = `${message}\n`;
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `X-Content-Type-Options: nosniff\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
