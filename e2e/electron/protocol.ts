import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { app } from './app.ts';
import { record } from './record.ts';
import { NotModeled, strict } from './strict.ts';

type Handler = (request: Request) => Response | Promise<Response>;
interface Scheme {
  scheme: string;
  privileges?: Record<string, boolean>;
}
interface RequestDetails {
  url: string;
  method: string;
}
type RequestFilter = (details: RequestDetails, answer: (response: { cancel?: boolean }) => void) => void;

/**
 * The application's schemes. Chromium does not know them, so `perch://app/x` is loaded as
 * `http://app.perch.localhost/x`, a secure context whose origin is the same at every start. The handler serves its requests
 * on the loopback.
 */
const handlers = new Map<string, Handler>();
const schemes = new Map<string, Scheme>();
let filter: RequestFilter | undefined;

/** Headers that Chromium adds only for HTTP. Responses of a scheme are never cached. */
const HTTP_ONLY = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'accept-encoding',
  'if-none-match',
  'if-modified-since',
  'upgrade-insecure-requests',
]);

/** The address from which Chromium loads an address of the application. */
export function addressForChromium(address: string): string {
  const [, scheme, host, rest] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/is.exec(address) ?? [];
  if (scheme === undefined || !schemes.has(scheme)) return address;
  return `http://${host}.${scheme}.localhost${rest || '/'}`;
}

/** The address of the application for an address in Chromium. */
export function addressForApplication(address: string): string {
  const [, host, scheme, rest] = /^http:\/\/([^/]+)\.([a-z0-9+-]+)\.localhost(.*)$/is.exec(address) ?? [];
  return scheme === undefined || !schemes.has(scheme) ? address : `${scheme}://${host}${rest}`;
}

export function filterRequests(listener: RequestFilter | null): void {
  filter = listener ?? undefined;
}

/** Serves the schemes on the loopback. @returns the host rules for Chromium */
export async function serveSchemes(): Promise<string[]> {
  const server = createServer((request, response) => {
    answer(request, response).catch((thrown: unknown) => {
      console.error(`[stand-in] ${request.method} ${request.url} failed:`, thrown);
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  const { port } = server.address() as AddressInfo;
  return [...schemes.keys()].map((scheme) => `MAP *.${scheme}.localhost 127.0.0.1:${port}`);
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = addressForApplication(`http://${request.headers.host}${request.url}`);
  const handler = handlers.get(URL.parse(url)?.protocol.slice(0, -1) ?? '');
  if (handler === undefined || canceled({ url, method: request.method ?? 'GET' })) {
    response.destroy();
    return;
  }
  // As in `lib/browser/api/protocol.ts`, without a signal.
  const headers = Object.entries(request.headers).filter(([name]) => !HTTP_ONLY.has(name));
  const body = request.method === 'GET' || request.method === 'HEAD' ? null : await buffer(request);
  const given = await handler(
    new Request(url, {
      method: request.method ?? 'GET',
      headers: headers.map(([name, value]): [string, string] => [name, rename(String(value))]),
      body,
    }),
  );
  response.statusCode = given.status;
  for (const [name, value] of given.headers) if (name !== 'etag') response.setHeader(name, value);
  response.setHeader('cache-control', 'no-store');
  if (given.body === null) response.end();
  else
    await pipeline(Readable.fromWeb(given.body as Parameters<typeof Readable.fromWeb>[0]), response).catch(
      gone,
    );
}

/** Replaces the address in `origin` and `referer` with the scheme's address. */
function rename(value: string): string {
  return value.startsWith('http://') ? addressForApplication(value) : value;
}

function canceled(details: RequestDetails): boolean {
  let cancel = false;
  filter?.(details, (response) => (cancel = response.cancel ?? false));
  return cancel;
}

/** Aborts the requests of a page that unloads. */
function gone(thrown: NodeJS.ErrnoException): void {
  if (thrown.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw thrown;
}

/** `protocol`. */
export const protocol = strict('protocol', {
  registerSchemesAsPrivileged(list: Scheme[]): void {
    if (app.isReady())
      throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
    for (const each of list) {
      if (!/^[a-z0-9-]+$/.test(each.scheme)) throw new NotModeled(`the scheme ${each.scheme}`);
      if (!each.privileges?.['standard']) throw new NotModeled(`a scheme that is not standard`);
      schemes.set(each.scheme, each);
    }
  },
  handle(scheme: string, handler: Handler): void {
    if (!schemes.has(scheme))
      throw new NotModeled(`protocol.handle('${scheme}') of a scheme without privileges`);
    if (handlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`);
    record.note('protocol.handle', scheme);
    handlers.set(scheme, handler);
  },
  unhandle: (scheme: string) => void handlers.delete(scheme),
  isProtocolHandled: (scheme: string) => handlers.has(scheme),
});

/** Calls a handler directly, as `net.fetch` does. */
export function askHandler(request: Request): Promise<Response> | undefined {
  const handler = handlers.get(new URL(request.url).protocol.slice(0, -1));
  return handler && Promise.resolve(handler(request));
}
