import { STATUS_CODES } from 'node:http';
import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { RPCHandler } from '@orpc/server/ws';
import { WebSocketServer } from 'ws';
import type { Services } from '../../services/services.ts';
import { createRouter } from '../router.ts';
import { refusedAddress, refusedVisitor } from './gate.ts';
import type { Refused } from './gate.ts';
import type { Session } from './session.ts';

/** Windows of one browser; more than a person opens. */
const maxSockets = 32;

/**
 * Answers the calls of the page on web sockets at `/api`. A socket that closes takes its calls with it.
 *
 * @param messageLimit largest message, in bytes; a larger one closes its socket
 * @returns what ends all sockets
 */
export function answerCalls(
  server: Server,
  port: number,
  session: Session,
  services: Services,
  messageLimit = 8 * 2 ** 20,
): () => void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: messageLimit, perMessageDeflate: false });
  const calls = new RPCHandler(createRouter(services, { kind: 'browser' }));

  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const elsewhere =
      request.url === '/api' ? undefined : { status: 404, message: 'There is no such address.' };
    const crowded = { status: 503, message: 'Perch is open in too many windows: close some.' };
    const refused =
      refusedAddress(request, port) ??
      refusedVisitor(request, session) ??
      elsewhere ??
      (sockets.clients.size < maxSockets ? undefined : crowded);
    if (refused) return refuse(socket, refused);
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      // Messages that are too large or broken: the socket closes itself; without a listener the process would end.
      webSocket.on('error', (error) => console.error(`A window was disconnected: ${error.message}`));
      void calls.upgrade(webSocket);
    });
  });

  return () => {
    for (const webSocket of sockets.clients) webSocket.terminate();
  };
}

function refuse(socket: Duplex, { status, message }: Refused): void {
  const body = `${message}\n`;
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `X-Content-Type-Options: nosniff\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
