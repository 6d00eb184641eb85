import { once } from 'node:events';
import {
  createServer as createHttp,
  type IncomingHttpHeaders,
  type RequestListener,
  type Server,
} from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer as createTcp } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { Aedes } from 'aedes';
import { generate } from 'selfsigned';

/** A self-signed certificate for 127.0.0.1 and localhost. */
export async function selfSigned(): Promise<{ key: string; cert: string }> {
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { key: made.private, cert: made.cert };
}

export interface Received {
  body: string;
  headers: IncomingHttpHeaders;
  url: string;
}

/** An HTTP server that answers with `answer`, which tests change, and records what it received. */
export async function httpReceiver(port = 0, tls?: { key: string; cert: string }) {
  const received: Received[] = [];
  const state = { status: 200, headers: {} as Record<string, string>, answer: '', delayMs: 0 };
  const listener: RequestListener = (request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      received.push({ body, headers: request.headers, url: request.url ?? '' });
      setTimeout(() => response.writeHead(state.status, state.headers).end(state.answer), state.delayMs);
    });
  };
  const server: Server = tls ? (createHttps(tls, listener) as Server) : createHttp(listener);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: bound } = server.address() as AddressInfo;
  return {
    received,
    state,
    port: bound,
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${bound}/hook`,
    ids: () => received.map(({ body }) => (JSON.parse(body) as { id: string }).id),
    sequences: () =>
      received.map(({ body }) => (JSON.parse(body) as { piece: { sequence: number } }).piece.sequence),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An MQTT broker that records what was published. */
export async function mqttBroker(
  port = 0,
  { tls, password }: { tls?: { key: string; cert: string }; password?: string } = {},
) {
  const broker = await Aedes.createBroker();
  const received: { topic: string; payload: string; qos: number }[] = [];
  if (password !== undefined)
    broker.authenticate = (_client, username, given, done) =>
      done(null, username === 'perch' && given?.toString() === password);
  broker.on('publish', ({ topic, payload, qos }, client) => {
    if (client) received.push({ topic, payload: payload.toString(), qos });
  });
  const server = tls ? createTls(tls, broker.handle) : createTcp(broker.handle);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: bound } = server.address() as AddressInfo;
  return {
    received,
    port: bound,
    url: `${tls ? 'mqtts' : 'mqtt'}://127.0.0.1:${bound}`,
    sequences: () =>
      received.map(({ payload }) => (JSON.parse(payload) as { piece: { sequence: number } }).piece.sequence),
    async close() {
      await new Promise<void>((resolve) => broker.close(() => resolve()));
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
