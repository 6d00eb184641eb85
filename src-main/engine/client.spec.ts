import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { EngineClient } from './client.ts';

const unruly = fileURLToPath(new URL('./test/unruly-engine.ts', import.meta.url));
let engine: EngineClient;

afterEach(() => engine.close());

const open = (entry = unruly) => (engine = new EngineClient({ entry }));
const method = { extractor: 'colors', statistic: 'fca', reference: 'median', patch: 9 };
const preview = (path: string, signal?: AbortSignal) =>
  engine.run('preview', { path, side: undefined, maxPixels: 1 }, signal ? { signal } : {});
const inspect = (path: string, signal?: AbortSignal) =>
  engine.run('inspect', { path, method, maxPixels: 1, provider: 'cpu' }, signal ? { signal } : {});

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
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { code: 'CANCELLED' } });
    await expect(inspect('c')).resolves.toBeDefined();
  });

  it('stops an engine that does not heed a cancellation, and goes on in a new one', async () => {
    open();
    const controller = new AbortController();
    const ignoring = inspect('ignore', controller.signal);
    const waiting = inspect('next');
    setTimeout(() => controller.abort(), 100);
    await expect(ignoring).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect(waiting).resolves.toBeDefined();
  });

  it('refuses a task whose signal is aborted already', async () => {
    open();
    await expect(preview('a', AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('tells when an engine does not start, instead of trying for ever', async () => {
    open(fileURLToPath(new URL('./test/no-such-engine.ts', import.meta.url)));
    await expect(preview('a')).rejects.toMatchObject({ code: 'ENGINE_CRASHED' });
  });

  it('fails what is open when it is closed, and leaves no process behind', async () => {
    open();
    const open1 = preview('wait');
    await preview('a');
    const { pid } = engine;
    await Promise.all([engine.close(), expect(open1).rejects.toMatchObject({ code: 'CANCELLED' })]);
    expect(() => process.kill(pid as number, 0)).toThrow();
  });

  it('tells its condition as it changes', async () => {
    open();
    const seen: string[] = [];
    engine.on('change', () => seen.at(-1) === engine.condition || seen.push(engine.condition));
    await preview('a');
    expect(seen).toEqual(['starting', 'busy', 'ready']);
  });
});
