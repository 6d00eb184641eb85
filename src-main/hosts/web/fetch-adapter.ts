import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * Parses a request's target as a URL of the server's own origin; undefined for other origins and invalid
 * targets.
 */
export function parseSameOriginUrl(incoming: IncomingMessage): URL | undefined {
  const target = incoming.url ?? '';
  if (!target.startsWith('/') || target.startsWith('//')) return undefined;
  return URL.parse(target, `http://${incoming.headers.host}`) ?? undefined;
}

/** Converts to a Fetch `Request`. Its signal aborts if the connection closes before the response is complete. */
export function toRequest(incoming: IncomingMessage, outgoing: ServerResponse, target: URL): Request {
  const disconnected = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) disconnected.abort();
  });
  const { method = 'GET' } = incoming;
  if (method === 'GET' || method === 'HEAD')
    return new Request(target, { method, signal: disconnected.signal });
  const headers = { 'content-length': incoming.headers['content-length'] ?? '0' };
  // An unread body is discarded instead of cutting the connection, because otherwise a browser never sees the
  // response.
  const body = ReadableStream.from(incoming.iterator({ destroyOnReturn: false }));
  return new Request(target, { method, headers, body, duplex: 'half', signal: disconnected.signal });
}

/** Writes a Fetch `Response`. If the client disconnects, the rest is discarded. */
export async function writeResponse(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  if (outgoing.req.method === 'HEAD' || !response.body) {
    await response.body?.cancel();
    outgoing.end();
    return;
  }
  await pipeline(Readable.fromWeb(response.body), outgoing).catch(() => outgoing.destroy());
}
