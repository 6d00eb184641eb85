import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { EngineClient } from '../../engine/client/engine-client.ts';
import { inModelProcess } from './model-process.ts';

const engine = new EngineClient({
  entry: fileURLToPath(new URL('../../engine/client/test/greedy-engine.ts', import.meta.url)),
});
const open = new AbortController().signal;

const reading = (
  path: string,
  {
    seconds = 60,
    signal = open,
    onProgress = () => {},
  }: { seconds?: number; signal?: AbortSignal; onProgress?(): void } = {},
) =>
  inModelProcess(
    engine,
    {
      kind: 'readModel',
      path,
      code: 'CHECKPOINT_REFUSED',
      request: { path, to: '', layer: undefined },
      limits: { seconds, bytes: 200 * 2 ** 20 },
    },
    { signal, onProgress },
  );

describe('a process that reads a model', () => {
  it('responds, reports progress, and exits afterwards', async () => {
    let reported = 0;
    const { bytes: pid } = await reading('net.pth', { onProgress: () => reported++ });
    expect(reported).toBe(1);
    expect(() => process.kill(pid, 0)).toThrow();
    expect(engine.status).toBe('stopped');
  });

  it.each(['bytes', 'objects'])(
    'is killed if the file makes it exceed its memory limit: %s',
    async (what) => {
      await expect(reading(`/models/${what}`)).rejects.toMatchObject({
        code: 'CHECKPOINT_REFUSED',
        message: expect.stringMatching(
          new RegExp(`^/models/${what} was refused: reading it took more memory than 200 MiB`),
        ),
      });
    },
  );

  it('is killed if a file takes too long, and its host continues', async () => {
    const delay = monitorEventLoopDelay({ resolution: 5 });
    const before = process.cpuUsage();
    delay.enable();
    await expect(reading('/models/for ever', { seconds: 3 })).rejects.toMatchObject({
      code: 'CHECKPOINT_REFUSED',
      message: expect.stringMatching(
        /^\/models\/for ever was refused: reading it took longer than 3 seconds/,
      ),
    });
    delay.disable();
    // Neither value depends on the load of the machine.
    expect(delay.percentile(50) / 1e6).toBeLessThan(50);
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(1);
  });

  it('has more time for weights in separate files', async () => {
    await expect(reading('/models/weights', { seconds: 3 })).resolves.toBeDefined();
  });

  it('reports a crash as a problem of the file', async () => {
    await expect(reading('/models/crash')).rejects.toMatchObject({ code: 'CHECKPOINT_REFUSED' });
  });

  it('does not report a failed start as a problem of the file', async () => {
    const missing = new EngineClient({ entry: '/no-such-engine.mjs' });
    const limits = { seconds: 60, bytes: 2 ** 30 };
    const task = { kind: 'readModel', path: '/models/net', code: 'CHECKPOINT_REFUSED', limits } as const;
    const request = { path: '/models/net', to: '', layer: undefined };
    await expect(inModelProcess(missing, { ...task, request }, { signal: open })).rejects.toMatchObject({
      code: 'ENGINE_CRASHED',
      message: expect.stringMatching(/does not start/),
    });
  });

  it('exits immediately when canceled', async () => {
    const controller = new AbortController();
    const start = performance.now();
    const task = reading('/models/for ever', {
      signal: controller.signal,
      onProgress: () => setTimeout(() => controller.abort(), 100),
    });
    await expect(task).rejects.toMatchObject({ code: 'CANCELED', message: 'Canceled.' });
    expect(performance.now() - start).toBeLessThan(10_000);
    await expect(reading('/models/net', { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'CANCELED',
    });
  });
});
