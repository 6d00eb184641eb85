import type { IncomingMessage } from 'node:http';
import type { Session } from './session.ts';

export interface Rejection {
  status: number;
  message: string;
}

/**
 * This server's `Host` values. Any other value comes from a name that was made to resolve here (DNS
 * rebinding).
 */
export function allowedHosts(port: number): string[] {
  return [`127.0.0.1:${port}`, `localhost:${port}`];
}

/** Rejects requests for other hosts and from pages of other origins. */
export function checkHostAndOrigin(request: IncomingMessage, port: number): Rejection | undefined {
  const { host, origin } = request.headers;
  if (host === undefined || !allowedHosts(port).includes(host))
    return { status: 403, message: `Perch is served at http://127.0.0.1:${port} only.` };
  const readsOnly = (request.method === 'GET' || request.method === 'HEAD') && !request.headers.upgrade;
  if (readsOnly && origin === undefined) return undefined;
  if (origin === `http://${host}`) return undefined;
  return { status: 403, message: 'Requests from other pages are not allowed.' };
}

/** Rejects requests without the session's cookie. */
export function checkSession(request: IncomingMessage, session: Session): Rejection | undefined {
  if (session.isValid(request.headers.cookie)) return undefined;
  return {
    status: 403,
    message:
      'This page is not logged in to Perch. Start Perch again and open the address that it prints; it works once.',
  };
}
