import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { EngineClient } from './engine-client.ts';

const unruly = fileURLToPath(new URL('./test/unruly-engine.ts', import.meta.url));
const missing = fileURLToPath(new URL('./test/no-such-engine.ts', import.meta.url));
let engine: EngineClient;

afterEach(async () => {
  await engine.close();
  vi.unstubAllEnvs();
});

const open = (entry = unruly, onOutput?: (line: string) => void) =>
  (engine = new EngineClient({ entry, ...(onOutput && { onOutput }) }));
const method = { extractor: 'colors', statistic: 'fca', reference: 'median', patchSize: 9 };
/** A light request. Its path names a behavior of the unruly engine, or nothing special. */
const preview = (path: string, signal?: AbortSignal) =>
  engine.request('preview', { path, side: undefined, maxPixels: 1 }, signal ? { signal } : {});
/** A heavy request. */
const inspect = (path: string, signal?: AbortSignal) =>
  engine.request('inspect', { path, method, maxPixels: 1, provider: 'cpu' }, signal ? { signal } : {});

const statuses = (outcomes: PromiseSettledResult<unknown>[]) => outcomes.map(({ status }) => status);

describe('a request', () => {
  it('fails with the typed error of the engine', async () => {
    open();
    await expect(preview('no image')).rejects.toMatchObject({ code: 'NOT_AN_IMAGE', message: 'no image' });
  });

  it('fails at once if its signal is already aborted', async () => {
    open();
    await expect(preview('a', AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELED' });
  });

  it('can be canceled while it waits and while it runs', async () => {
    open();
    const controller = new AbortController();
    const requests = ['until canceled', 'until canceled', 'b'].map((path) =>
      inspect(path, controller.signal),
    );
    setTimeout(() => controller.abort(), 100);
    for (const outcome of await Promise.allSettled(requests))
      expect(outcome).toMatchObject({ reason: { code: 'CANCELED' } });
    await expect(inspect('c')).resolves.toBeDefined();
  });

  it('fails when the client is closed, which leaves no process behind', async () => {
    open();
    const running = preview('until canceled');
    await preview('a');
    const { pid } = engine;
    await Promise.all([engine.close(), expect(running).rejects.toMatchObject({ code: 'CANCELED' })]);
    expect(() => process.kill(pid as number, 0)).toThrow();
  });
});

describe('after a crash of the engine', () => {
  it('only the request that caused it fails', async () => {
    open();
    const outcomes = await Promise.allSettled(['a', 'crash', 'b', 'c'].map((path) => inspect(path)));
    expect(statuses(outcomes)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({ reason: { code: 'ENGINE_CRASHED' } });
  });

  it('the request that caused it is found among several in flight', async () => {
    open();
    const outcomes = await Promise.allSettled([inspect('crash soon'), preview('slow'), preview('slow')]);
    expect(statuses(outcomes)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  });

  it('an idle engine is restarted', async () => {
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

  it('an engine that crashes repeatedly while idle is restarted by the next request only', async () => {
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

  it('garbage on the pipe counts as a crash', async () => {
    open();
    await expect(preview('garbage')).rejects.toMatchObject({ code: 'ENGINE_CRASHED' });
    await expect(preview('a')).resolves.toBeDefined();
  });
});

describe('an engine that does not respond', () => {
  it('to a cancellation is killed, and the other requests run in a new one', async () => {
    open();
    const controller = new AbortController();
    const stuck = inspect('never', controller.signal);
    const waiting = inspect('next');
    setTimeout(() => controller.abort(), 100);
    await expect(stuck).rejects.toMatchObject({ code: 'CANCELED' });
    await expect(waiting).resolves.toBeDefined();
  });

  it('is killed without failing any other request in flight', async () => {
    open();
    const controller = new AbortController();
    const stuck = inspect('never', controller.signal);
    await preview('a');
    controller.abort();
    // Sent shortly before the engine is killed, three seconds after the cancellation.
    await new Promise((resolve) => setTimeout(resolve, 2850));
    const other = preview('slow');
    await expect(stuck).rejects.toMatchObject({ code: 'CANCELED' });
    await expect(other).resolves.toBeDefined();
  });

  it('because an added model hangs is killed, and only the request with that model fails', async () => {
    open();
    const outcomes = await Promise.allSettled([
      inspect('endless model'),
      preview('slow'),
      inspect('fast model'),
    ]);
    expect(statuses(outcomes)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(outcomes[0]).toMatchObject({
      reason: {
        code: 'MODEL_UNUSABLE',
        message: expect.stringMatching(/^The model \/models\/net\.onnx was stopped/),
      },
    });
  });
});

describe('the start of the engine', () => {
  it('fails after several attempts', async () => {
    open(missing);
    await expect(preview('a')).rejects.toMatchObject({ code: 'ENGINE_CRASHED' });
  });

  it('reports what a failing engine printed', async () => {
    const lines: string[] = [];
    open(missing, (line) => lines.push(line));
    await expect(preview('a')).rejects.toMatchObject({ message: expect.stringContaining('npm ci') });
    await vi.waitFor(() =>
      expect(lines.filter((line) => /Cannot find module.*no-such-engine/.test(line))).toHaveLength(3),
    );
  });

  it('is not affected by NODE_OPTIONS', async () => {
    vi.stubEnv('NODE_OPTIONS', '--require /nowhere.js');
    open();
    await expect(preview('a')).resolves.toBeDefined();
  });

  it('opens the inspector on demand', async () => {
    vi.stubEnv('PERCH_ENGINE_INSPECT', '9391');
    const lines: string[] = [];
    open(unruly, (line) => lines.push(line));
    await preview('a');
    await vi.waitFor(() => expect(lines.join()).toMatch(/(Debugger listening on|Starting inspector on)/));
  });
});

describe('the engine client', () => {
  it('passes on every line that the engine prints', async () => {
    const lines: string[] = [];
    open(unruly, (line) => lines.push(line));
    await preview('print');
    await vi.waitFor(() => expect(lines.toSorted()).toEqual(['to stderr', 'to stdout']));
  });

  it.each([
    ['', []],
    ['debug', ['to stderr', 'to stdout']],
  ])('with a memory limit and PERCH_ENGINE_LOG="%s" passes on %j', async (level, expected) => {
    vi.stubEnv('PERCH_ENGINE_LOG', level);
    const lines: string[] = [];
    engine = new EngineClient({
      entry: unruly,
      onOutput: (line) => lines.push(line),
      memoryLimit: 2 ** 30,
    });
    await preview('print');
    await preview('slow');
    expect(lines.toSorted()).toEqual(expected);
  });

  it('reports its status as it changes', async () => {
    open();
    const seen: string[] = [];
    engine.on('change', () => seen.at(-1) === engine.status || seen.push(engine.status));
    await preview('a');
    expect(seen).toEqual(['starting', 'busy', 'ready']);
  });
});
