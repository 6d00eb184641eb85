import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os, { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { programPath } from '../../files/programs.ts';
import { Store } from '../../store/store.ts';
import { addCloth, quickMethods } from '../runs/test/cloth.ts';
import { createCertificate } from './certificate.ts';
import { Queue } from './queue.ts';
import { type Host, listHosts } from './registry.ts';
import { freePort, TestPostgres } from './test/postgres.ts';
import { recordOf } from '../../methods/extractors/test/model-record.ts';
import { scaledBy, writeModel } from './test/scaling-model.ts';

const IMAGES = 4;
const TIMEOUT = { timeout: 30_000, interval: 100 };

/** An address of this machine that is not on the loopback interface; undefined without a network. */
const address = Object.values(os.networkInterfaces())
  .flatMap((each) => each ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

let folder: string;
let postgres: TestPostgres;
let queue: Queue;
const children: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-network-'));
  postgres = await TestPostgres.start(address === undefined ? {} : { host: address });
  await writeFile(join(folder, 'quick.json'), JSON.stringify({ method: quickMethods[0] }));
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await queue.close();
});
afterAll(async () => {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Starts Perch in a home of its own. */
function perch(home: string, url: string, ...words: string[]) {
  const child = spawn(process.execPath, [programPath('commandLine'), ...words], {
    env: { ...process.env, PERCH_HOME: join(folder, home), PERCH_QUEUE: url },
  });
  children.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const exited = once(child, 'exit');
  const stop = () => {
    child.kill('SIGTERM');
    return exited;
  };
  return { output: () => text, exited, stop };
}

async function startHost(name: string, url: string, ...options: string[]) {
  const quick = options.includes('--method') ? [] : ['--method', join(folder, 'quick.json')];
  const home = join(folder, name);
  await mkdir(home, { recursive: true });
  const store = new Store(home);
  await addCloth(store, join(folder, `${name}-cloth`), { images: IMAGES });
  store.close();
  return perch(name, url, 'runs', 'start', 'cloth', '--workers', ...quick, ...options);
}

async function announced(): Promise<Host> {
  await expect.poll(() => listHosts(queue), TIMEOUT).toHaveLength(1);
  return (await listHosts(queue))[0];
}

describe.skipIf(address === undefined)('a run on a network', () => {
  it('trusts the announced certificate and no other, and says so', async () => {
    const url = await postgres.createDatabase('seen');
    queue = await Queue.open(url);
    const host = await startHost('host', url);
    const { url: seen, certificate } = await announced();
    expect(seen).toMatch(new RegExp(`^https://${address}:\\d+$`));
    const setCertificate = (pem: string | null) =>
      queue.query('UPDATE perch.hosts SET certificate = $1', [pem]);
    await setCertificate((await createCertificate()).certificate);
    const worker = perch('worker', url, 'worker', '--name', 'mill 2');
    const refusal = /The host .* cannot be reached at https:.*certificate.*Check its firewall/;
    await expect.poll(worker.output, TIMEOUT).toMatch(refusal);
    await expect.poll(host.output, TIMEOUT).toMatch(/No worker takes these tasks. mill 2: The host/);
    expect(host.output()).not.toMatch(/done/);

    await setCertificate(certificate);
    expect(await host.exited).toEqual([0, null]);
    expect(host.output()).toMatch(new RegExp(`run 1 {2}done {2}${IMAGES} of ${IMAGES} done`));
    expect(host.output() + worker.output()).not.toContain('secret word');
  });

  it('serves workers at the address that was given', async () => {
    const url = await postgres.createDatabase('given');
    queue = await Queue.open(url);
    const port = await freePort();
    const loopback = postgres.urlOf('given', '127.0.0.1');
    const host = await startHost('other-host', loopback, '--address', `${address}:${port}`);
    expect((await announced()).url).toBe(`https://${address}:${port}`);
    perch('other-worker', url, 'worker');
    expect(await host.exited).toEqual([0, null]);
    expect(host.output()).toMatch(/No worker is connected[\s\S]*run 1 {2}done/);
  });
});

describe('an imported model', () => {
  const graph = scaledBy(2);
  const fetched = (home: string) => join(folder, home, 'models/mine');
  const method = { method: { extractor: 'mine', statistic: 'moments', reference: 'global', patchSize: 3 } };

  it('comes from the host, and other content than its own is refused', async () => {
    const url = await postgres.createDatabase('model');
    queue = await Queue.open(url);
    const file = join(folder, 'mine.json');
    await writeFile(file, JSON.stringify(method));
    await writeModel(join(folder, 'model-host'), graph);
    const host = await startHost('model-host', url, '--method', file);
    const worker = perch('model-worker', url, 'worker', '--name', 'mill 2');
    expect(await host.exited).toEqual([0, null]);
    expect(await readFile(join(fetched('model-worker'), 'model.onnx'))).toEqual(Buffer.from(graph));
    expect(JSON.parse(await readFile(join(fetched('model-worker'), 'model.json'), 'utf8'))).toEqual(
      recordOf(graph),
    );
    expect(await worker.stop()).toEqual([0, null]);

    // The same size and record, as after damage of the disk.
    await writeModel(join(folder, 'damaged-host'), graph);
    await writeFile(join(fetched('damaged-host'), 'model.onnx'), scaledBy(3));
    const damaged = await startHost('damaged-host', url, '--method', file);
    perch('new-worker', url, 'worker', '--name', 'mill 3');
    expect(await damaged.exited).toEqual([1, null]);
    const failures = damaged
      .output()
      .match(/^\d\.png: The file of the model mine .* was changed or damaged\./gm);
    expect(failures).toHaveLength(IMAGES);
    expect(existsSync(fetched('new-worker'))).toBe(false);
  });
});
