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
  /** Largest message on the web socket, in bytes. */
  messageLimit?: number;
}

export interface WebHost {
  /** The address to open; it works once. */
  url: string;
  /** Resolves once it was opened. */
  opened: Promise<void>;
  /** Ends all connections, and with them what they were doing. The services stay open. */
  close(): Promise<void>;
}

const builtRenderer = join(import.meta.dirname, '../../../dist/renderer');

/**
 * Offers Perch to one browser on this machine: the page and its assets over HTTP, calls over a web socket at `/api`.
 *
 * It listens on 127.0.0.1 only. Every request needs the session's cookie, our own `Host` and, where it could change
 * something, our own `Origin`; so neither other pages nor other machines reach it.
 *
 * @throws PerchError `NOT_FOUND` where the renderer was not built; the system's error where the port is taken
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
  const site = createHttpApp(options.services, renderer, sockets, options.uploadLimit);
  const answer = createListener(port, session, unauthenticated, site, securityHeaders(sockets));
  server.on('request', (incoming, outgoing) => {
    answer(incoming, outgoing).catch((thrown: unknown) => {
      console.error(thrown);
      outgoing.destroy();
    });
  });
  const endCalls = serveRpcSockets(
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
      endCalls();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Lets a request in, or exchanges the token for a session, or says why neither. */
function createListener(
  port: number,
  session: Session,
  unauthenticated: UnauthenticatedConnections,
  site: FetchHandler,
  confining: Record<string, string>,
) {
  const reply = (outgoing: ServerResponse, status: number, headers: Record<string, string>, text = '') =>
    outgoing.writeHead(status, { ...confining, 'cache-control': 'no-store', ...headers }).end(text);
  // Closes the connection, whatever else is still to come on it.
  const refuse = (outgoing: ServerResponse, { status, message }: Rejection, headers = {}) =>
    reply(
      outgoing,
      status,
      { connection: 'close', 'content-type': 'text/plain; charset=utf-8', ...headers },
      `${message}\n`,
    );

  return async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const method = incoming.method ?? '';
    if (!['GET', 'HEAD', 'POST'].includes(method)) {
      const message = 'Perch answers to GET, HEAD and POST only.';
      return refuse(outgoing, { status: 405, message }, { allow: 'GET, HEAD, POST' });
    }
    const elsewhere = checkHostAndOrigin(incoming, port);
    if (elsewhere) return refuse(outgoing, elsewhere);
    const target = parseSameOriginUrl(incoming);
    if (!target) return refuse(outgoing, { status: 400, message: 'This is no address of Perch.' });

    const stranger = checkSession(incoming, session);
    const token = method === 'GET' && target.pathname === '/' ? target.searchParams.get('token') : null;
    if (token !== null || !stranger) {
      // Who shows a secret may have read it off the person.
      if (!(await isOwnUser(incoming.socket))) return incoming.socket.destroy();
    }
    if (token !== null) {
      // Who comes back to the used address with a session simply goes on; nothing is exchanged.
      const cookie = stranger && session.exchange(token);
      if (cookie) return reply(outgoing, 303, { location: '/', 'set-cookie': cookie });
      if (!stranger) return reply(outgoing, 303, { location: '/' });
    }
    if (stranger) return refuse(outgoing, stranger);
    unauthenticated.admit(incoming.socket);
    await writeResponse(await site(toRequest(incoming, outgoing, target)), outgoing);
  };
}
