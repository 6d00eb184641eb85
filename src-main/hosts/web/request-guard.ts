import type { IncomingMessage } from 'node:http';
import type { Session } from './session.ts';

/** Why a request is not let in. */
export interface Rejection {
  status: number;
  message: string;
}

/** The names under which this host is reached. Any other `Host` is a name made to point here (DNS rebinding). */
export function allowedHosts(port: number): string[] {
  return [`127.0.0.1:${port}`, `localhost:${port}`];
}

/** Requests to other names, or from pages of other origins, whoever the session belongs to. */
export function checkHostAndOrigin(request: IncomingMessage, port: number): Rejection | undefined {
  const { host, origin } = request.headers;
  if (host === undefined || !allowedHosts(port).includes(host))
    return { status: 403, message: `Perch answers to http://127.0.0.1:${port} only.` };
  const readsOnly = (request.method === 'GET' || request.method === 'HEAD') && !request.headers.upgrade;
  if (readsOnly && origin === undefined) return undefined;
  if (origin === `http://${host}`) return undefined;
  return { status: 403, message: 'Perch answers to its own page only.' };
}

/** Requests without the cookie of the session. */
export function checkSession(request: IncomingMessage, session: Session): Rejection | undefined {
  if (session.admits(request.headers.cookie)) return undefined;
  return {
    status: 403,
    message:
      'This page has no open session of Perch: start Perch again and open the address that it prints, which works once.',
  };
}
