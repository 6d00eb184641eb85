import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { knownBackbones } from '../../methods/extractors/known-backbones.ts';
import { downloadCheckpoint } from './download-checkpoint.ts';

const content = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 31) % 251));
const known = {
  ...knownBackbones[0],
  file: 'net-1234.pth',
  bytes: content.length,
  sha256Prefix: createHash('sha256').update(content).digest('hex').slice(0, 8),
};

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let home: string;
let server: Server;
let asked: (string | undefined)[];
let answer: Answer;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'perch-fetch-'));
  vi.stubEnv('PERCH_HOME', home);
  asked = [];
  answer = whole;
  server = createServer((request, response) => {
    asked.push(request.headers.range);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
  await rm(home, { recursive: true, force: true });
});

const whole: Answer = (_, response) =>
  response.writeHead(200, { 'content-length': content.length }).end(content);

/** Responds like a server that supports ranges. */
const ranged: Answer = ({ headers }, response) => {
  const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
  if (from === 0) return whole({ headers } as IncomingMessage, response);
  if (from >= content.length) return response.writeHead(416).end();
  const range = `bytes ${from}-${content.length - 1}/${content.length}`;
  return response
    .writeHead(206, { 'content-range': range, 'content-length': content.length - from })
    .end(content.subarray(from));
};

/** Sends the first bytes and then stalls. */
const stalled: Answer = (_, response) => {
  response.writeHead(200, { 'content-length': content.length });
  response.write(content.subarray(0, 100_000));
};

function download(
  options: { signal?: AbortSignal; onProgress?: (done: number, total: number) => void } = {},
) {
  const { port } = server.address() as AddressInfo;
  const signal = options.signal ?? new AbortController().signal;
  return downloadCheckpoint(known, { ...options, signal, address: `http://127.0.0.1:${port}/models/` });
}

async function leavePart(bytes: Uint8Array): Promise<void> {
  await mkdir(join(home, 'downloads'));
  await writeFile(join(home, 'downloads', 'net-1234.pth.part'), bytes);
}

describe('a download', () => {
  it('is complete, and reports progress up to its size', async () => {
    const seen: [number, number][] = [];
    const path = await download({ onProgress: (done, total) => seen.push([done, total]) });
    expect(await readFile(path)).toEqual(content);
    expect(seen[0]).toEqual([0, content.length]);
    expect(seen.at(-1)).toEqual([content.length, content.length]);
    expect(await readdir(join(home, 'downloads'))).toEqual(['net-1234.pth']);
  });

  it('resumes at the point of interruption', async () => {
    answer = stalled;
    const onProgress = (done: number) => {
      if (done > 0) server.closeAllConnections();
    };
    await expect(download({ onProgress })).rejects.toMatchObject({ code: 'DOWNLOAD_FAILED' });
    answer = ranged;
    expect(await readFile(await download())).toEqual(content);
    expect(asked[0]).toBeUndefined();
    expect(asked[1]).toMatch(/^bytes=[1-9]\d*-$/);
  });

  it('keeps a truncated file if the server does not send its length', async () => {
    answer = (_, response) => response.writeHead(200).end(content.subarray(0, 1000));
    await expect(download()).rejects.toThrow(/ended after 1000 of 300000 bytes/);
    answer = ranged;
    expect(await readFile(await download())).toEqual(content);
    expect(asked[1]).toBe('bytes=1000-');
  });

  it('starts again if the server does not support ranges', async () => {
    await leavePart(content.subarray(0, 1000));
    expect(await readFile(await download())).toEqual(content);
    expect(asked).toEqual(['bytes=1000-', undefined]);
  });

  it('uses a file that is already complete', async () => {
    await leavePart(content);
    answer = ranged;
    expect(await readFile(await download())).toEqual(content);
    expect(asked).toEqual([`bytes=${content.length}-`]);
  });

  it('is not repeated for a complete file', async () => {
    expect(await download()).toBe(await download());
    expect(asked).toHaveLength(1);
  });

  it('is refused and deleted if its checksum differs', async () => {
    await leavePart(Buffer.from('something else'));
    answer = ranged;
    await expect(download()).rejects.toMatchObject({
      code: 'CHECKPOINT_REFUSED',
      message: expect.stringContaining(known.sha256Prefix),
    });
    expect(await readdir(join(home, 'downloads'))).toEqual([]);
    expect(await readFile(await download())).toEqual(content);
  });

  it.each([404, 500, 301])('fails on status %d and describes the alternative', async (status) => {
    answer = (_, response) => response.writeHead(status).end('no');
    await expect(download()).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message: expect.stringMatching(/models\/net-1234\.pth .*import it here/),
    });
  });

  it('fails if there is no server', async () => {
    const signal = new AbortController().signal;
    const attempt = downloadCheckpoint(known, { signal, address: 'http://127.0.0.1:1/' });
    await expect(attempt).rejects.toMatchObject({ code: 'DOWNLOAD_FAILED' });
  });

  it('stops at the maximum size of a checkpoint', async () => {
    answer = (_, response) => {
      response.writeHead(200);
      const pour = () => {
        while (!response.destroyed && response.write(content));
        if (!response.destroyed) response.once('drain', pour);
      };
      pour();
    };
    await expect(download()).rejects.toThrow(/more than 600000 bytes/);
  });

  it('can be canceled, and keeps the received part', async () => {
    const controller = new AbortController();
    answer = stalled;
    const onProgress = (done: number) => {
      if (done > 0) controller.abort();
    };
    await expect(download({ signal: controller.signal, onProgress })).rejects.toMatchObject({
      code: 'CANCELED',
    });
    expect(await readdir(join(home, 'downloads'))).toEqual(['net-1234.pth.part']);
  });
});
