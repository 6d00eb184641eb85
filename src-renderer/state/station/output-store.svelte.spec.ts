import { describe, expect, it, vi } from 'vitest';
import { anOutput } from '../test/stations.ts';
import { OutputStore } from './output-store.svelte.ts';

type Client = ConstructorParameters<typeof OutputStore>[0];
const lastError = {
  at: '2026-03-01T06:00:00.000Z',
  error: { code: 'UNREACHABLE', message: 'Refused.' },
} as unknown as NonNullable<ReturnType<typeof anOutput>['lastError']>;

function setup() {
  const outputs = [
    anOutput(),
    anOutput({ id: 2, lastError }),
    anOutput({ id: 3, lastError, enabled: false }),
  ];
  const calls = {
    list: vi.fn(async (_: { station: number }) => ({ outputs })),
    add: vi.fn(async ({ station }: { station: number }) => anOutput({ id: 4, station })),
    change: vi.fn(async ({ output, enabled }: { output: number; enabled?: boolean }) =>
      anOutput({ id: output, enabled: enabled ?? true }),
    ),
    remove: vi.fn(async () => {}),
    retry: vi.fn(async ({ output }: { output: number }) => anOutput({ id: output, dropped: 3 })),
  };
  return { calls, store: new OutputStore({ outputs: calls } as unknown as Client) };
}

describe('the outputs of a station', () => {
  it('name those in trouble, unless they are switched off', async () => {
    const { store } = setup();
    await store.open(1);
    expect(store.troubled.map(({ id }) => id)).toEqual([2]);
    await store.retry(1);
    expect(store.troubled.map(({ id }) => id)).toEqual([1, 2]);
    await store.change(2, { enabled: false });
    expect(store.troubled.map(({ id }) => id)).toEqual([1]);
  });

  it('are added to the station on screen, and removed', async () => {
    const { calls, store } = setup();
    await store.open(1);
    const target = anOutput().target;
    await store.add({ target, secret: 'a key of enough characters' });
    expect(calls.add).toHaveBeenCalledWith({ station: 1, target, secret: 'a key of enough characters' });
    await store.remove(2);
    expect(store.all.map(({ id }) => id)).toEqual([1, 3, 4]);
  });

  it('are those of the latest station that was opened', async () => {
    const { calls, store } = setup();
    const slow = Promise.withResolvers<{ outputs: ReturnType<typeof anOutput>[] }>();
    calls.list.mockReturnValueOnce(slow.promise);
    const first = store.open(1);
    calls.list.mockResolvedValueOnce({ outputs: [anOutput({ id: 9, station: 2 })] });
    await store.open(2);
    slow.resolve({ outputs: [anOutput()] });
    await first;
    expect(store.all.map(({ id }) => id)).toEqual([9]);
  });
});
