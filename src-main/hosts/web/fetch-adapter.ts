import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** The address asked for, on our own origin; nothing where the target would name another, or no address at all. */
export function parseSameOriginUrl(incoming: IncomingMessage): URL | undefined {
  const target = incoming.url ?? '';
  if (!target.startsWith('/') || target.startsWith('//')) return undefined;
  return URL.parse(target, `http://${incoming.headers.host}`) ?? undefined;
}

/** An incoming request as the Fetch standard has it, aborted when the connection closes before it was answered. */
export function toRequest(incoming: IncomingMessage, outgoing: ServerResponse, target: URL): Request {
  const gone = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) gone.abort();
  });
  const { method = 'GET' } = incoming;
  if (method === 'GET' || method === 'HEAD') return new Request(target, { method, signal: gone.signal });
  const headers = { 'content-length': incoming.headers['content-length'] ?? '0' };
  // A body left unread is discarded, not cut off: a browser would otherwise never get to see the answer.
  const body = ReadableStream.from(incoming.iterator({ destroyOnReturn: false }));
  return new Request(target, { method, headers, body, duplex: 'half', signal: gone.signal });
}

/** Sends an answer; where the other side is gone before its end, so is the rest of it. */
export async function writeResponse(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  if (outgoing.req.method === 'HEAD' || !response.body) {
    await response.body?.cancel();
    outgoing.end();
    return;
  }
  await pipeline(Readable.fromWeb(response.body), outgoing).catch(() => outgoing.destroy());
}
