import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { EngineClient } from './engine-client.ts';

const unruly = fileURLToPath(new URL('./test/unruly-engine.ts', import.meta.url));
let engine: EngineClient;

afterEach(() => engine.close());

const open = (entry = unruly, onOutput?: (line: string) => void) =>
  (engine = new EngineClient({ entry, ...(onOutput && { onOutput }) }));
const method = { extractor: 'colors', statistic: 'fca', reference: 'median', patchSize: 9 };
const preview = (path: string, signal?: AbortSignal) =>
  engine.request('preview', { path, side: undefined, maxPixels: 1 }, signal ? { signal } : {});
const inspect = (path: string, signal?: AbortSignal) =>
  engine.request('inspect', { path, method, maxPixels: 1, provider: 'cpu' }, signal ? { signal } : {});

describe('the engine client', () => {
  it('passes typed errors on', async () => {
    open();
    await expect(preview('refuse')).rejects.toMatchObject({ code: 'NOT_AN_IMAGE', message: 'no image' });
  });

  it('fails only the task that killed the engine and performs the rest in a new one', async () => {
    open();
    const outcomes = await Promise.allSettled(['a', 'crash', 'b', 'c'].map((path) => inspect(path)));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({ reason: { code: 'ENGINE_CRASHED' } });
  });

  it('finds the culprit among tasks that were in flight together', async () => {
    open();
    const outcomes = await Promise.allSettled([inspect('crash soon'), preview('slow'), preview('slow')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  });

  it('cancels what waits and what runs', async () => {
    open();
    const controller = new AbortController();
    const tasks = ['wait', 'wait', 'b'].map((path) => inspect(path, controller.signal));
    setTimeout(() => controller.abort(), 100);
    const outcomes = await Promise.allSettled(tasks);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { code: 'CANCELED' } });
    await expect(inspect('c')).resolves.toBeDefined();
  });

  it('stops an engine that does not heed a cancellation, and goes on in a new one', async () => {
    open();
    const controller = new AbortController();
    const ignoring = inspect('ignore', controller.signal);
    const waiting = inspect('next');
    setTimeout(() => controller.abort(), 100);
    await expect(ignoring).rejects.toMatchObject({ code: 'CANCELED' });
    await expect(waiting).resolves.toBeDefined();
  });

  it('stops an engine that is stuck in an added network, and fails the task that ran it alone', async () => {
    open();
    const outcomes = await Promise.allSettled([
      inspect('network'),
      preview('slow'),
      inspect('short network'),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(outcomes[0]).toMatchObject({
      reason: {
        code: 'MODEL_UNUSABLE',
        message: expect.stringMatching(/^The model \/models\/net\.onnx took longer/),
      },
    });
  });

  it('fails nothing else when it stops an engine for one task', async () => {
    open();
    const controller = new AbortController();
    const ignoring = inspect('ignore', controller.signal);
    await preview('a');
    controller.abort();
    // In flight when the engine is stopped, three seconds after the cancellation.
    await new Promise((resolve) => setTimeout(resolve, 2850));
    const other = preview('slow');
    await expect(ignoring).rejects.toMatchObject({ code: 'CANCELED' });
    await expect(other).resolves.toBeDefined();
  });

  it('refuses a task whose signal is aborted already', async () => {
    open();
    await expect(preview('a', AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELED' });
  });

  it('tells when an engine does not start, instead of trying for ever', async () => {
    open(fileURLToPath(new URL('./test/no-such-engine.ts', import.meta.url)));
    await expect(preview('a')).rejects.toMatchObject({ code: 'ENGINE_CRASHED' });
  });

  it('hands on what an engine that cannot start wrote, by lines', async () => {
    const lines: string[] = [];
    open(fileURLToPath(new URL('./test/no-such-engine.ts', import.meta.url)), (line) => lines.push(line));
    await expect(preview('a')).rejects.toMatchObject({ message: expect.stringContaining('npm ci') });
    await vi.waitFor(() =>
      expect(lines.filter((line) => /Cannot find module.*no-such-engine/.test(line))).toHaveLength(3),
    );
  });

  it('starts an engine again that died while it had nothing to do', async () => {
    open();
    await preview('a');
    const { pid } = engine;
    process.kill(pid as number, 'SIGKILL');
    await vi.waitFor(() => {
      expect(engine.status).toBe('ready');
      expect(engine.pid).not.toBe(pid);
    });
    await expect(preview('b')).resolves.toBeDefined();
  });

  it('gives up an engine that keeps dying by itself, until the next task', async () => {
    open();
    await preview('a');
    const stopped = new Promise<void>((resolve) => {
      engine.on('change', () => {
        if (engine.status === 'ready') process.kill(engine.pid as number, 'SIGKILL');
        if (engine.status === 'stopped') resolve();
      });
    });
    process.kill(engine.pid as number, 'SIGKILL');
    await stopped;
    engine.removeAllListeners('change');
    await expect(preview('b')).resolves.toBeDefined();
  });

  it('starts one whatever NODE_OPTIONS preloads into others', async () => {
    vi.stubEnv('NODE_OPTIONS', '--require /nowhere.js');
    open();
    await expect(preview('a')).resolves.toBeDefined();
    vi.unstubAllEnvs();
  });

  it('fails what is open when it is closed, and leaves no process behind', async () => {
    open();
    const open1 = preview('wait');
    await preview('a');
    const { pid } = engine;
    await Promise.all([engine.close(), expect(open1).rejects.toMatchObject({ code: 'CANCELED' })]);
    expect(() => process.kill(pid as number, 0)).toThrow();
  });

  it('tells its condition as it changes', async () => {
    open();
    const seen: string[] = [];
    engine.on('change', () => seen.at(-1) === engine.status || seen.push(engine.status));
    await preview('a');
    expect(seen).toEqual(['starting', 'busy', 'ready']);
  });
});
