import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Contract } from '../../common/api/contract.ts';
import type { Status } from '../../common/api/schemas.ts';
import { fakeServices } from '../test/fake-services.ts';
import { startWebHost } from './server.ts';
import type { WebHost } from './server.ts';
import { loginCookie, sendRequest } from './test/http-client.ts';

let renderer: string;
let fake: ReturnType<typeof fakeServices>;
let host: WebHost;
let port: number;
let own: { cookie: string; origin: string };

beforeAll(async () => {
  renderer = await mkdtemp(join(tmpdir(), 'perch-spec-'));
  await writeFile(join(renderer, 'index.html'), '<title>Perch</title>');
});
afterAll(() => rm(renderer, { recursive: true }));

beforeEach(async () => {
  fake = fakeServices();
  host = await startWebHost({ services: fake.services, renderer, messageLimit: 100_000 });
  port = Number(new URL(host.url).port);
  own = { cookie: await loginCookie(host.url), origin: `http://127.0.0.1:${port}` };
  vi.spyOn(console, 'error').mockReturnValue();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await host.close();
});

async function connect() {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api`, { headers: own });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket });
  const client: ContractRouterClient<Contract> = createORPCClient(link);
  return { socket, client };
}

const closed = (socket: WebSocket) => new Promise<number>((resolve) => socket.once('close', resolve));

describe('a connected page', () => {
  it('makes calls', async () => {
    const { client, socket } = await connect();
    const preview = await client.datasets.preview({ paths: ['/images/one.png'] });
    expect(preview).toMatchObject({ name: 'wood', root: '/images/one.png' });
    expect(fake.seen.opened).toEqual([['/images/one.png']]);
    socket.close();
  });

  it("receives the host's status until it stops listening", async () => {
    const { client, socket } = await connect();
    const states = await client.system.watch();
    const value = (await states.next()).value as Status;
    expect(value).toMatchObject({
      engine: 'ready',
      device: 'CPU',
      host: { kind: 'browser', dialogs: false },
    });
    expect(value.version).toMatch(/^\d+\.\d+\.\d+/);
    await states.return?.();
    await vi.waitFor(() => expect(fake.seen.watching).toBe(0), { timeout: 4000 });
    socket.close();
  });

  it('cancels an import by ending its iteration', async () => {
    const { client, socket } = await connect();
    const events = await client.datasets.import({ paths: ['one'] });
    expect((await events.next()).value).toMatchObject({ type: 'progress', done: 0 });
    expect(fake.seen.running).toBe(1);
    await events.return?.();
    await vi.waitFor(() => expect(fake.seen).toMatchObject({ running: 0, canceled: 1 }), { timeout: 4000 });
    socket.close();
  });

  it('cancels an import by aborting the call', async () => {
    const { client, socket } = await connect();
    const stop = new AbortController();
    const input = { paths: ['one'] };
    const events = await client.datasets.import(input, { signal: stop.signal });
    await events.next();
    stop.abort();
    await vi.waitFor(() => expect(fake.seen).toMatchObject({ running: 0, canceled: 1 }), { timeout: 4000 });
    expect(console.error).not.toHaveBeenCalled();
    socket.close();
  });

  it.each(['close', 'terminate'] as const)(
    'has its imports aborted when its connection ends by %s',
    async (end) => {
      const { client, socket } = await connect();
      const events = await client.datasets.import({ paths: ['one'] });
      await events.next();
      socket[end]();
      await vi.waitFor(() => expect(fake.seen).toMatchObject({ running: 0, canceled: 1 }), {
        timeout: 4000,
      });
    },
  );

  it('loses its connection and its imports when the host closes', async () => {
    const { client, socket } = await connect();
    const events = await client.datasets.import({ paths: ['one'] });
    await events.next();
    const hasClosed = closed(socket);
    await host.close();
    await hasClosed;
    await vi.waitFor(() => expect(fake.seen).toMatchObject({ running: 0, canceled: 1 }), { timeout: 4000 });
    host = await startWebHost({ services: fake.services, renderer });
  });

  it('is disconnected for a message that is too large; the host keeps working', async () => {
    const { socket } = await connect();
    const code = closed(socket);
    socket.send('x'.repeat(100_001));
    expect(await code).toBe(1009);
    const { client, socket: next } = await connect();
    expect(await client.datasets.list()).toEqual({ datasets: [] });
    next.close();
  });

  it.each([
    '',
    'no JSON',
    '{}',
    '[]',
    'null',
    '{"i":1,"p":{"u":7}}',
    '{"i":"x","p":{"u":"/nowhere"}}',
    Buffer.from([255]),
  ])('may send the invalid message %j; the host keeps working', async (message) => {
    const { client, socket } = await connect();
    socket.send(message);
    expect(await client.datasets.list()).toEqual({ datasets: [] });
    socket.close();
  });
});

describe('an upgrade', () => {
  const upgrade = (headers: Record<string, string>, target = '/api') =>
    sendRequest(port, target, {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        ...headers,
      },
    });

  it('succeeds for the page of the session', async () => {
    expect((await upgrade(own)).status).toBe(101);
  });

  it('fails without the cookie', async () => {
    const reply = await upgrade({ origin: own.origin });
    expect(reply.status).toBe(403);
    expect(reply.body).toMatch(/not logged in/);
  });

  it('fails without an origin', async () => {
    expect((await upgrade({ cookie: own.cookie })).status).toBe(403);
  });

  it('fails for pages of other origins', async () => {
    expect((await upgrade({ ...own, origin: 'http://evil.example' })).status).toBe(403);
    expect((await upgrade({ ...own, origin: `http://localhost:${port}` })).status).toBe(403);
  });

  it('fails for another host name', async () => {
    const host = `evil.example:${port}`;
    expect((await upgrade({ ...own, host, origin: `http://${host}` })).status).toBe(403);
  });

  it('succeeds at /api only, and only to a WebSocket', async () => {
    expect((await upgrade(own, '/')).status).toBe(404);
    expect((await upgrade(own, '/api/')).status).toBe(404);
    expect((await upgrade({ ...own, upgrade: 'h2c' })).status).toBe(400);
  });
});
