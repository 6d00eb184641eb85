import { request } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

export interface HttpResponse {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface RequestOptions {
  method?: string;
  headers?: Record<string, string>;
  /** A number sends that many bytes in chunks of 64 KiB. */
  body?: string | number;
}

/** Sends a request with its target exactly as given, without normalizing `..`. */
export function sendRequest(
  port: number,
  target: string,
  { method = 'GET', headers = {}, body }: RequestOptions = {},
) {
  return new Promise<HttpResponse>((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path: target, method, headers, agent: false });
    const received = (incoming: IncomingMessage) => {
      let text = '';
      incoming.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: text }),
      );
    };
    outgoing.on('response', received).on('error', reject);
    outgoing.on('upgrade', (incoming, socket) => {
      socket.destroy();
      resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: '' });
    });
    if (typeof body === 'number') {
      for (let sent = 0; sent < body; sent += 65_536)
        outgoing.write(Buffer.alloc(Math.min(65_536, body - sent)));
      outgoing.end();
    } else outgoing.end(body);
  });
}

/** Opens the printed address and returns the session's cookie. */
export async function loginCookie(url: string): Promise<string> {
  const { port, pathname, search } = new URL(url);
  const { headers } = await sendRequest(Number(port), pathname + search);
  return headers['set-cookie']?.[0].split(';')[0] ?? '';
}
