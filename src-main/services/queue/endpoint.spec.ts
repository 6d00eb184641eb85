import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCertificate } from './certificate.ts';
import { Endpoint } from './endpoint.ts';
import { OfferedFiles } from './offered-files.ts';
import { HostClient, statusOf } from './worker/host-client.ts';

const TASK = '0b5e0c1e-3a51-4c9e-9c57-1f6f0c8f2b10';
const ENDED = '1b5e0c1e-3a51-4c9e-9c57-1f6f0c8f2b11';
const content = Buffer.from('an image');
const sha256 = createHash('sha256').update(content).digest('hex');

let folder: string;
let endpoint: Endpoint;
let port: number;
const received: Buffer[] = [];
const lost: string[] = [];
const files = new OfferedFiles();
const results = {
  limitOf: (task: string) => (task === TASK ? 100 : undefined),
  async receive(_: string, bytes: Buffer) {
    received.push(bytes);
    return 204 as const;
  },
  lost: (name: string) => void lost.push(name),
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-endpoint-'));
  await writeFile(join(folder, 'image.png'), content);
  await writeFile(join(folder, 'secret.txt'), 'secret');
  files.add(sha256, { path: join(folder, 'image.png'), bytes: content.length });
  endpoint = new Endpoint(files, results, undefined, 500);
  port = await endpoint.listen('127.0.0.1', 0);
});
afterAll(async () => {
  endpoint.close();
  await rm(folder, { recursive: true, force: true });
});

/** @param path as it is sent, without normalization */
async function ask(
  path: string,
  {
    method = 'GET',
    token = endpoint.token,
    body,
    headers = {},
  }: { method?: string; token?: string | null; body?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; text: string }> {
  const request = http.request({ port, host: '127.0.0.1', path, method, agent: false });
  if (token !== null) request.setHeader('authorization', `Bearer ${token}`);
  for (const [name, value] of Object.entries(headers)) request.setHeader(name, value);
  request.on('error', () => {});
  request.end(body);
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode ?? 0, text };
}

describe('the endpoint', () => {
  it('serves the content that a current task names, to its token only', async () => {
    expect(await ask(`/blobs/${sha256}`)).toEqual({ status: 200, text: 'an image' });
    for (const token of [
      null,
      '',
      'x',
      endpoint.token.slice(1),
      `${endpoint.token}x`,
      endpoint.token.toLowerCase(),
    ])
      for (const [path, method] of [
        [`/blobs/${sha256}`, 'GET'],
        [`/tasks/${TASK}`, 'GET'],
        [`/results/${TASK}`, 'PUT'],
        ['/', 'GET'],
      ])
        expect(await ask(path, { token, method }), `${method} ${path} ${token}`).toEqual({
          status: 401,
          text: '',
        });
    expect(received).toEqual([]);
  });

  it('never serves a path, or content that no current task names', async () => {
    const names = [
      '/blobs/../secret.txt',
      '/blobs/%2e%2e%2fsecret.txt',
      `/blobs/${sha256}/../secret.txt`,
      `/blobs/..%2f..%2f..%2f..%2fetc%2fpasswd`,
      '/blobs//etc/passwd',
      `/blobs/${join(folder, 'secret.txt')}`,
      `/blobs/${'0'.repeat(64)}`,
      `/blobs/${sha256.toUpperCase()}`,
      `/blobs/${sha256}?path=/etc/passwd`,
      `http://127.0.0.1/blobs/${sha256}`,
      `/results/${TASK}`,
      '/image.png',
      '/',
    ];
    for (const name of names) expect(await ask(name), name).toEqual({ status: 404, text: '' });
  });

  it('serves no content whose file has changed, and reports it', async () => {
    const other = createHash('sha256').update('gone').digest('hex');
    files.add(other, { path: join(folder, 'gone.png'), bytes: 4 });
    expect((await ask(`/blobs/${other}`)).status).toBe(404);
    const longer = createHash('sha256').update('longer').digest('hex');
    files.add(longer, { path: join(folder, 'image.png'), bytes: 5 });
    expect((await ask(`/blobs/${longer}`)).status).toBe(404);
    expect(lost).toEqual([other, longer]);
    files.remove(other);
    files.remove(longer);
    expect(files.size).toBe(1);
  });

  it('takes the results of current tasks only, up to their size', async () => {
    const put = (task: string, body: string, headers = {}) =>
      ask(`/results/${task}`, { method: 'PUT', body, headers });
    expect((await put(ENDED, 'x')).status).toBe(410);
    expect((await ask(`/tasks/${ENDED}`)).status).toBe(410);
    expect((await ask(`/tasks/${TASK}`)).status).toBe(204);
    expect((await put(TASK, 'x'.repeat(101))).status).toBe(413);
    expect((await put(TASK, '', { 'content-length': '1e3' }).catch(() => ({ status: 400 }))).status).toBe(
      400,
    );
    expect((await put(TASK, 'x'.repeat(500), { 'transfer-encoding': 'chunked' })).status).toBe(411);
    expect(received).toEqual([]);
    expect((await put(TASK, 'x'.repeat(100))).status).toBe(204);
    expect(received.map(String)).toEqual(['x'.repeat(100)]);
  });

  it('answers others while a client is slow, and closes the connection of one that is silent', async () => {
    const slow = net.connect(port, '127.0.0.1');
    slow.on('error', () => {});
    await once(slow, 'connect');
    slow.write(
      `PUT /results/${TASK} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${endpoint.token}\r\nContent-Length: 90\r\n\r\nx`,
    );
    const silent = net.connect(port, '127.0.0.1');
    silent.on('error', () => {});
    silent.write('GET /blobs/');
    const silentSince = performance.now();
    const closed = once(silent, 'close');
    silent.resume();
    expect((await ask(`/blobs/${sha256}`)).status).toBe(200);
    expect(received).toHaveLength(1);
    slow.destroy();
    await closed;
    // The limit for headers, and the interval of its check.
    expect(performance.now() - silentSince).toBeLessThan(10_000);
  });

  it('is reached with TLS only by a client that knows its certificate', async () => {
    const [keys, others] = [await createCertificate(), await createCertificate()];
    const secure = new Endpoint(files, results, keys);
    const securePort = await secure.listen(undefined, 0);
    const client = (certificate: string) =>
      new HostClient({
        id: TASK,
        name: 'host',
        version: '',
        token: secure.token,
        url: `https://127.0.0.1:${securePort}`,
        certificate,
      });
    const trusting = client(keys.certificate);
    expect(statusOf(await trusting.request('GET', `/tasks/${TASK}`))).toBe(204);
    const wary = client(others.certificate);
    await expect(wary.request('GET', `/tasks/${TASK}`)).rejects.toThrow(/certificate|self.signed/i);
    const plain = http.get({ port: securePort, host: '127.0.0.1', path: `/tasks/${TASK}` });
    await expect(once(plain, 'response')).rejects.toThrow();
    trusting.close();
    wary.close();
    secure.close();
  });
});
