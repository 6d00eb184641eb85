import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Services } from '../../services/types.ts';
import type { FetchHandler } from '../assets.ts';
import { serveStaticFiles } from '../static-files.ts';
import { securityHeaders, createHttpApp } from '../http-app.ts';
import { serveRpcSockets } from './rpc-sockets.ts';
import { parseSameOriginUrl, toRequest, writeResponse } from './fetch-adapter.ts';
import { allowedHosts, checkHostAndOrigin, checkSession } from './request-guard.ts';
import type { Rejection } from './request-guard.ts';
import { isOwnUser } from './peer-user.ts';
import { Session } from './session.ts';
import { UnauthenticatedConnections } from './unauthenticated-connections.ts';

export interface WebHostOptions {
  services: Services;
  /** 0 for any free port. */
  port?: number;
  /** Folder of the built renderer. */
  renderer?: string;
  /** Largest dropped file, in bytes. */
  uploadLimit?: number;
  /** Largest message on the WebSocket, in bytes. */
  messageLimit?: number;
}

export interface WebHost {
  /** The address to open, with a one-time token. */
  url: string;
  /** Resolves when the address is opened. */
  opened: Promise<void>;
  /** Closes all connections and aborts their calls. The services stay open. */
  close(): Promise<void>;
}

const builtRenderer = join(import.meta.dirname, '../../../dist/renderer');

/**
 * Serves Perch to a browser on this machine: the page and its assets over HTTP, calls over a WebSocket at `/api`.
 *
 * It listens on 127.0.0.1 only. Every request needs the session's cookie and the server's own `Host`. A
 * request that could change something also needs its own `Origin`. So neither other pages nor other machines
 * have access.
 *
 * @throws PerchError `NOT_FOUND` if the renderer has not been built; the system's error if the port is in use
 */
export async function startWebHost(options: WebHostOptions): Promise<WebHost> {
  const renderer = await serveStaticFiles(options.renderer ?? builtRenderer);
  const server = createServer({
    maxHeaderSize: 16_384,
    headersTimeout: 10_000,
    requestTimeout: 300_000,
    connectionsCheckingInterval: 2000,
  });
  server.maxConnections = 256;
  const unauthenticated = new UnauthenticatedConnections(server);
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');

  const { port } = server.address() as AddressInfo;
  const session = new Session(port);
  const sockets = allowedHosts(port).map((host) => `ws://${host}`);
  const app = createHttpApp(options.services, renderer, sockets, options.uploadLimit);
  const handle = createListener(port, session, unauthenticated, app, securityHeaders(sockets));
  server.on('request', (incoming, outgoing) => {
    handle(incoming, outgoing).catch((thrown: unknown) => {
      console.error(thrown);
      outgoing.destroy();
    });
  });
  const closeSockets = serveRpcSockets(
    server,
    port,
    session,
    unauthenticated,
    options.services,
    options.messageLimit,
  );

  return {
    url: `http://127.0.0.1:${port}/?token=${session.token}`,
    opened: session.opened,
    async close() {
      closeSockets();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/**
 * Handles requests: exchanges the token for a cookie, passes requests with the cookie to the app, and rejects
 * the others.
 */
function createListener(
  port: number,
  session: Session,
  unauthenticated: UnauthenticatedConnections,
  app: FetchHandler,
  headers: Record<string, string>,
) {
  const respond = (outgoing: ServerResponse, status: number, own: Record<string, string>, text = '') =>
    outgoing.writeHead(status, { ...headers, 'cache-control': 'no-store', ...own }).end(text);
  // Closes the connection, so that nothing else is read from it.
  const reject = (outgoing: ServerResponse, { status, message }: Rejection, own = {}) =>
    respond(
      outgoing,
      status,
      { connection: 'close', 'content-type': 'text/plain; charset=utf-8', ...own },
      `${message}\n`,
    );

  return async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const method = incoming.method ?? '';
    if (!['GET', 'HEAD', 'POST'].includes(method)) {
      const message = 'Only GET, HEAD and POST are supported.';
      return reject(outgoing, { status: 405, message }, { allow: 'GET, HEAD, POST' });
    }
    const foreign = checkHostAndOrigin(incoming, port);
    if (foreign) return reject(outgoing, foreign);
    const target = parseSameOriginUrl(incoming);
    if (!target) return reject(outgoing, { status: 400, message: 'Invalid address.' });

    const noSession = checkSession(incoming, session);
    const token = method === 'GET' && target.pathname === '/' ? target.searchParams.get('token') : null;
    if (token !== null || !noSession) {
      // Another user may have obtained the token or the cookie.
      if (!(await isOwnUser(incoming.socket))) return incoming.socket.destroy();
    }
    if (token !== null) {
      // With a valid cookie, the used address leads to the page.
      const cookie = noSession && session.exchange(token);
      if (cookie) return respond(outgoing, 303, { location: '/', 'set-cookie': cookie });
      if (!noSession) return respond(outgoing, 303, { location: '/' });
    }
    if (noSession) return reject(outgoing, noSession);
    unauthenticated.admit(incoming.socket);
    await writeResponse(await app(toRequest(incoming, outgoing, target)), outgoing);
  };
}
