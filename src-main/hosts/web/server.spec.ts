import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import { fakeServices } from '../test/fake-services.ts';
import { startWebHost } from './server.ts';
import type { WebHost } from './server.ts';
import { loginCookie, sendRequest } from './test/http-client.ts';

let folder: string;
let fake: ReturnType<typeof fakeServices>;
let host: WebHost;
let port: number;
let cookie: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-spec-'));
  await mkdir(join(folder, 'renderer/page'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'secret');
  await writeFile(join(folder, 'renderer/index.html'), '<title>Perch</title>');
  await writeFile(join(folder, 'renderer/page/index-1a2b.js'), 'export {};');
  await writeFile(join(folder, 'renderer/.hidden'), 'secret');
  await symlink(join(folder, 'secret.txt'), join(folder, 'renderer/link.txt'));
  await symlink(folder, join(folder, 'renderer/up'));
});
afterAll(() => rm(folder, { recursive: true }));

beforeEach(async () => {
  fake = fakeServices();
  host = await startWebHost({
    services: fake.services,
    renderer: join(folder, 'renderer'),
    uploadLimit: 200_000,
  });
  port = Number(new URL(host.url).port);
  cookie = await loginCookie(host.url);
});
afterEach(() => host.close());

const get = (target: string, headers: Record<string, string> = {}) =>
  sendRequest(port, target, { headers: { cookie, ...headers } });

describe('the session', () => {
  it('is opened once by the token, with a cookie that scripts and other sites cannot read', async () => {
    const other = await startWebHost({ services: fake.services, renderer: join(folder, 'renderer') });
    const { port, pathname, search } = new URL(other.url);
    const first = await sendRequest(Number(port), pathname + search);
    const again = await sendRequest(Number(port), pathname + search);
    await other.close();
    expect(first.status).toBe(303);
    expect(first.headers.location).toBe('/');
    expect(first.headers['set-cookie']?.[0]).toMatch(
      /^perch-\d+=[\w-]{43}; HttpOnly; SameSite=Lax; Path=\/$/,
    );
    expect(again.status).toBe(403);
    expect(again.headers['set-cookie']).toBeUndefined();
  });

  it.each([
    ['no token', '/'],
    ['a wrong token', `/?token=${'A'.repeat(43)}`],
    ['an empty token', '/?token='],
    ['an asset', '/assets/images/one'],
    ['a page file', '/page/index-1a2b.js'],
  ])('rejects %s, and says how to log in', async (_, target) => {
    const reply = await sendRequest(port, target);
    expect(reply.status).toBe(403);
    expect(reply.body).toMatch(/Start Perch again and open the address/);
  });

  it('rejects a wrong or foreign cookie', async () => {
    expect(
      (await sendRequest(port, '/', { headers: { cookie: `perch-${port}=${'A'.repeat(43)}` } })).status,
    ).toBe(403);
    expect(
      (await sendRequest(port, '/', { headers: { cookie: cookie.replace(/^[^=]+/, 'perch-1') } })).status,
    ).toBe(403);
  });

  it('finds its cookie among others, including one of the same name', async () => {
    const name = cookie.split('=')[0];
    expect((await get('/', { cookie: `a=b; ${name}=tossed; ${cookie}; c=d` })).status).toBe(200);
  });

  it('redirects from the used address if there is a cookie', async () => {
    const reply = await get(new URL(host.url).search.replace('?', '/?'));
    expect(reply.status).toBe(303);
    expect(reply.headers['set-cookie']).toBeUndefined();
  });

  it('is not opened by HEAD, which link checkers send', async () => {
    const other = await startWebHost({ services: fake.services, renderer: join(folder, 'renderer') });
    const { port, pathname, search } = new URL(other.url);
    expect((await sendRequest(Number(port), pathname + search, { method: 'HEAD' })).status).toBe(403);
    expect((await sendRequest(Number(port), pathname + search)).status).toBe(303);
    await other.close();
  });
});

describe('the address', () => {
  it.each(['perch.example', 'localhost', '127.0.0.1', '127.0.0.1:1', 'LOCALHOST:1', '[::1]:1'])(
    'rejects the host name %j, which may be made to resolve here',
    async (name) => {
      const reply = await get('/', { host: name });
      expect([400, 403]).toContain(reply.status);
      expect(reply.body).not.toContain('<title>');
    },
  );

  it('accepts localhost', async () => {
    expect((await get('/', { host: `localhost:${port}` })).status).toBe(200);
  });

  it.each([
    'http://evil.example',
    'null',
    'http://127.0.0.1',
    'https://127.0.0.1:PORT',
    'http://localhost:PORT',
  ])('rejects pages of the origin %s', async (origin) => {
    const foreign = { origin: origin.replace('PORT', String(port)) };
    expect((await get('/assets/images/one', foreign)).status).toBe(403);
    const reply = await sendRequest(port, '/assets/uploads/d1?path=a.png', {
      method: 'POST',
      headers: { cookie, ...foreign },
      body: 'x',
    });
    expect(reply.status).toBe(403);
    expect(fake.seen.received.size).toBe(0);
  });

  it('rejects an upload without an origin', async () => {
    const reply = await sendRequest(port, '/assets/uploads/d1?path=a.png', {
      method: 'POST',
      headers: { cookie },
      body: 'x',
    });
    expect(reply.status).toBe(403);
  });

  it('rejects absolute targets of other hosts', async () => {
    expect((await get('http://evil.example/')).status).toBe(400);
    expect((await get('//evil.example/')).status).toBe(400);
  });
});

describe('the page', () => {
  it('is sent with security headers', async () => {
    const { status, headers, body } = await get('/');
    expect(status).toBe(200);
    expect(body).toBe('<title>Perch</title>');
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    const policy = headers['content-security-policy'];
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${port} ws://localhost:${port};`);
    expect(policy).toContain("frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers).toMatchObject({
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
  });

  it('loads its scripts', async () => {
    const { headers, body } = await get('/page/index-1a2b.js');
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(body).toBe('export {};');
  });

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/page/..%2f..%2fsecret.txt',
    '/..%5csecret.txt',
    '/..\\secret.txt',
    '/page/%252e%252e/%252e%252e/secret.txt',
    '/index.html%00.png',
    '/%',
    '/link.txt',
    '/up/secret.txt',
    '/.hidden',
    '/page',
    '/page/',
    '/absent.js',
    '/assets/other',
  ])('is the only folder served: %s is not found', async (target) => {
    const reply = await get(target);
    expect(reply.status).toBe(404);
    expect(reply.body).not.toContain('secret');
  });

  it('responds to HEAD without a body', async () => {
    const reply = await sendRequest(port, '/', { method: 'HEAD', headers: { cookie } });
    expect(reply.status).toBe(200);
    expect(reply.headers['content-length']).toBe('20');
    expect(reply.body).toBe('');
  });

  it.each(['PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PATCH'])('does not support %s', async (method) => {
    const reply = await sendRequest(port, '/', {
      method,
      headers: { cookie, origin: `http://127.0.0.1:${port}` },
    });
    expect(reply.status).toBe(405);
    expect(reply.headers.allow).toContain('GET');
  });

  it('is required to start: fails if the renderer has not been built', async () => {
    const starting = startWebHost({ services: fake.services, renderer: join(folder, 'absent') });
    await expect(starting).rejects.toThrow(/npm run build/);
  });
});

describe('assets', () => {
  it('are served by id', async () => {
    const image = await get('/assets/images/7?side=64');
    expect(image.headers['content-type']).toBe('image/png');
    expect(image.body).toBe('\x07\x40');
    expect((await get(`/assets/maps/${'a'.repeat(64)}`)).body).toBe('\x01\x02\x03');
  });

  it.each([
    ['/assets/images/other', 404],
    ['/assets/images/..%2f7', 404],
    ['/assets/images/', 404],
    ['/assets/images/7/more', 404],
    ['/assets/images/%37', 404],
    ['/assets/images/7?side=0', 400],
    ['/assets/images/7?side=1e3', 400],
    ['/assets/images/7?side=', 400],
    ['/assets/maps/other', 404],
    ['/assets/uploads', 404],
    ['/assets/uploads/d1', 405],
  ])('fail with an error report: %s', async (target, status) => {
    const reply = await get(target);
    expect(reply.status).toBe(status);
    expect(JSON.parse(reply.body)).toEqual({
      code: expect.any(String),
      message: expect.stringMatching(/\.$/),
    });
    expect(reply.headers['x-content-type-options']).toBe('nosniff');
  });

  const drop = (target: string, body: string | number, headers: Record<string, string> = {}) =>
    sendRequest(port, target, {
      method: 'POST',
      headers: { cookie, origin: `http://127.0.0.1:${port}`, ...headers },
      body,
    });

  it('accept a dropped file', async () => {
    const reply = await drop('/assets/uploads/d1?path=wood%2Ftest%2F%C3%A4%201.png', 150_000);
    expect(reply.status).toBe(200);
    expect(JSON.parse(Buffer.from(reply.body, 'latin1').toString())).toEqual({ path: '/dropped/d1' });
    expect(fake.seen.received.get('wood/test/ä 1.png')).toBe(150_000);
  });

  it('store a dropped file under a portable name', async () => {
    for (const name of ['CON', 'nul.png', 'a:b.png']) await drop(`/assets/uploads/d1?path=${name}`, 'x');
    expect([...fake.seen.received.keys()]).toEqual(['_CON', '_nul.png', 'a%3Ab.png']);
  });

  it.each([
    '',
    '?path=',
    '?path=..',
    '?path=a%2f..%2f..%2fb',
    '?path=%2fetc%2fx',
    '?path=a%2f%2fb',
    '?path=a%5cb',
    '?path=a%00',
    `?path=${'a'.repeat(256)}`,
    `?path=${'a/'.repeat(32)}b`,
  ])('reject the path %j of a dropped file', async (query) => {
    const reply = await drop(`/assets/uploads/d1${query}`, 'x');
    expect(reply.status).toBe(400);
    expect(fake.seen.received.size).toBe(0);
  });

  it.each([
    ['announced', { 'content-length': '300000' }],
    ['not announced', { 'transfer-encoding': 'chunked' }],
  ])('reject a file that is too large, its size %s', async (_, headers) => {
    const reply = await drop('/assets/uploads/d1?path=big.png', 300_000, headers);
    expect(reply.status).toBe(413);
    expect(JSON.parse(reply.body).code).toBe('IMAGE_TOO_LARGE');
    expect(fake.seen.received.size).toBe(0);
  });
});
