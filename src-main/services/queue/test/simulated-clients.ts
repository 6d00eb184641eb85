/**
 * Works on tasks without computing, as a process of its own, so that its load is not the host's: with the argument `clients`, requests
 * to an endpoint for a time; with `workers`, workers of a queue until it is stopped. The second argument is JSON.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { encodeAnswer } from '../answer-bytes.ts';
import type { Host } from '../registry.ts';
import { HostClient, statusOf } from '../worker/host-client.ts';
import { InstantEngine } from './instant-engine.ts';
import { startWorker } from './local-worker.ts';

export interface Clients {
  host: Host;
  sha256: string;
  connections: number;
  seconds: number;
}
export interface Workers {
  url: string;
  folder: string;
  count: number;
}

const [kind, json] = process.argv.slice(2);
if (kind === 'clients') await runClients(JSON.parse(json) as Clients);
else await runWorkers(JSON.parse(json) as Workers);

/** Each client fetches an image and sends a result, again and again. Prints how many did. */
async function runClients({ host, sha256, connections, seconds }: Clients): Promise<void> {
  const values = Float32Array.from({ length: 128 * 128 }, Math.random);
  const map = { width: 128, height: 128, values };
  const sizes = { width: 1024, height: 1024, extentWidth: 1024, extentHeight: 1024 };
  const bytes = encodeAnswer(
    {
      kind: 'map',
      worker: 'simulated',
      device: 'CPU',
      versions: { perch: '0' },
      ...sizes,
      seconds: { extract: 0.5 },
      provider: 'cpu',
      imageSha256: sha256,
      modelSha256: null,
    },
    map,
  );
  const end = performance.now() + 1000 * seconds;
  const run = async (): Promise<number> => {
    const client = new HostClient(host);
    let done = 0;
    while (performance.now() < end) {
      const content = await client.request('GET', `/blobs/${sha256}`);
      for await (const _ of content);
      const status = statusOf(await client.request('PUT', `/results/${randomUUID()}`, { body: bytes }));
      if (content.statusCode !== 200 || status !== 204) throw new Error(`HTTP ${status}`);
      done++;
    }
    client.close();
    return done;
  };
  const counts = await Promise.all(Array.from({ length: connections }, run));
  console.log(counts.reduce((sum, count) => sum + count, 0));
}

async function runWorkers({ url, folder, count }: Workers): Promise<void> {
  const engine = new InstantEngine();
  const workers = await Promise.all(
    Array.from({ length: count }, (_, at) =>
      startWorker({ folder: join(folder, `worker${at}`), url, name: `worker ${at}` }, engine),
    ),
  );
  process.once('SIGTERM', () => {
    void Promise.all(workers.map((worker) => worker.stop())).then(() => process.exit(0));
  });
}
