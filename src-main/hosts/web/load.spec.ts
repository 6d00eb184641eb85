import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { fakeServices } from '../test/fake-services.ts';
import { startWebHost, type WebHost } from './server.ts';
import { loginCookie, sendRequest } from './test/http-client.ts';

let renderer: string;
let fake: ReturnType<typeof fakeServices>;
let host: WebHost;
let port: number;
let cookie: string;
const sockets: Socket[] = [];

beforeEach(async () => {
  renderer = await mkdtemp(join(tmpdir(), 'perch-spec-'));
  await writeFile(join(renderer, 'index.html'), '<title>Perch</title>');
  fake = fakeServices();
  host = await startWebHost({ services: fake.services, renderer });
  port = Number(new URL(host.url).port);
  cookie = await loginCookie(host.url);
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const socket of sockets.splice(0)) socket.destroy();
  await host.close();
  await rm(renderer, { recursive: true });
});

/** Opens a connection, sends a text and stays idle. */
async function openIdle(text = ''): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => {});
  await once(socket, 'connect');
  if (text !== '') socket.write(text);
  return socket;
}

const page = async () => {
  const start = performance.now();
  const { status } = await sendRequest(port, '/', { headers: { cookie } });
  return { status, ms: performance.now() - start };
};

describe('the page', () => {
  it('loads while others hold idle connections', async () => {
    await Promise.all(Array.from({ length: 300 }, () => openIdle()));
    const { status, ms } = await page();
    expect(status).toBe(200);
    expect(ms).toBeLessThan(2000);
  });

  it('loads while others send requests that do not end', async () => {
    const head = `POST /assets/uploads/d1?path=a.png HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 1000000\r\n\r\nx`;
    const closed = await Promise.all(
      Array.from({ length: 130 }, async () => once((await openIdle(head)).resume(), 'close')),
    );
    expect(closed).toHaveLength(130);
    expect((await page()).status).toBe(200);
  });

  it('keeps its connections while others open many', async () => {
    const own = await openIdle(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: ${cookie}\r\n\r\n`);
    await once(own, 'data');
    await Promise.all(Array.from({ length: 100 }, () => openIdle()));
    own.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: ${cookie}\r\n\r\n`);
    const [response] = (await once(own, 'data')) as [Buffer];
    expect(response.toString()).toMatch(/^HTTP\/1\.1 200/);
  });
});

describe.skipIf(process.platform !== 'linux' || process.getuid?.() !== 0)(
  'another user of the machine',
  () => {
    it('has no access, with neither token nor cookie (needs root)', async () => {
      const fresh = await startWebHost({ services: fake.services, renderer });
      const asNobody = async (url: string, headers: string[] = []) => {
        const args = [
          '-s',
          '-o',
          '/dev/null',
          '-w',
          '%{http_code}',
          ...headers.flatMap((h) => ['-H', h]),
          url,
        ];
        const child = spawn('curl', args, { uid: 65_534, gid: 65_534, stdio: ['ignore', 'pipe', 'ignore'] });
        let status = '';
        child.stdout.on('data', (chunk: Buffer) => (status += chunk.toString()));
        await once(child, 'close');
        return status;
      };
      expect(await asNobody(fresh.url)).toBe('000');
      expect(await asNobody(`http://127.0.0.1:${port}/`, [`Cookie: ${cookie}`])).toBe('000');
      // The token has not been used up.
      expect(await loginCookie(fresh.url)).toMatch(/^perch-/);
      await fresh.close();
    });
  },
);

describe('a window', () => {
  async function open(): Promise<WebSocket> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api`, {
      headers: { cookie, origin: `http://127.0.0.1:${port}` },
    });
    await once(socket, 'open');
    return socket;
  }

  it('who sends and does not read is paused, and continues after reading', async () => {
    const listed = vi.fn(() => Promise.resolve({ path: 'x'.repeat(20_000) }));
    fake.services.datasets.path = listed;
    const socket = await open();
    socket.pause();
    const calls = 20_000;
    for (let i = 0; i < calls; i++)
      socket.send(`{"i":"${i}","p":{"u":"/datasets/path","b":{"json":{"image":1}}}}`);
    // 400 MB of responses, of which a few MB are computed.
    let before = -1;
    while (listed.mock.calls.length !== before) {
      before = listed.mock.calls.length;
      await sleep(300);
    }
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(3000);
    let responses = 0;
    socket.on('message', () => responses++);
    socket.resume();
    await vi.waitFor(() => expect(responses).toBe(calls), { timeout: 50_000, interval: 100 });
    socket.terminate();
  });

  it('who sends invalid messages does not flood the log', async () => {
    const logged = vi.spyOn(console, 'error').mockReturnValue();
    const socket = await open();
    for (let i = 0; i < 500; i++) socket.send('nonsense');
    socket.send('{"i":"1","p":{"u":"/datasets/list"}}');
    await once(socket, 'message');
    expect(logged.mock.calls).toEqual([['Ignored an invalid message from a page.']]);
    socket.terminate();
  });
});
