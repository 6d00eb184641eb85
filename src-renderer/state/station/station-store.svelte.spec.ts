import { describe, expect, it, vi } from 'vitest';
import { PerchError } from '../../../src-main/common/api/errors.ts';
import type { StationEvent } from '../../../src-main/common/api/station.ts';
import { Notices } from '../notices.svelte.ts';
import { aPiece, aStation, aStatus } from '../test/stations.ts';
import { StationStore, type NewStation } from './station-store.svelte.ts';

type Client = ConstructorParameters<typeof StationStore>[0];
const alarm = {
  kind: 'consecutive',
  since: '2026-03-01T06:00:00.000Z',
  text: '3 rejects in a row.',
} as const;

function setup(events: StationEvent[] = []) {
  const stations = [aStation(), aStation({ id: 2, name: 'Line 4', state: 'stopped' })];
  const calls = {
    list: vi.fn(async () => ({ stations })),
    create: vi.fn(async ({ name }: NewStation) => aStation({ id: 3, name, state: 'stopped' })),
    change: vi.fn(async ({ station }: { station: number }) => aStation({ id: station, name: 'Changed' })),
    remove: vi.fn(async () => {}),
    start: vi.fn(async ({ station }: { station: number }) => aStation({ id: station, state: 'watching' })),
    stop: vi.fn(async ({ station }: { station: number }) => aStation({ id: station, state: 'stopped' })),
    acknowledgeAlarm: vi.fn(async () => {}),
    async watch() {
      return (async function* () {
        yield* events;
      })();
    },
  };
  const router = $state<{ station: number | undefined }>({ station: undefined });
  const notices = new Notices();
  const onPiece = vi.fn();
  const store = new StationStore({ stations: calls } as unknown as Client, notices, router, onPiece);
  return { calls, notices, onPiece, router, store };
}

describe('the stations', () => {
  it('show the first one until another is chosen', async () => {
    const { router, store } = setup();
    await store.load();
    expect(store.current?.id).toBe(1);
    router.station = 2;
    expect(store.current?.id).toBe(2);
    // It was removed.
    router.station = 9;
    expect(store.current?.id).toBe(1);
  });

  it('follow the state and the pieces of all stations', async () => {
    const piece = aPiece({ sequence: 1 });
    const { onPiece, store } = setup([
      { type: 'status', statuses: [aStatus({ backlog: 3 }), aStatus({ station: 2, alarm })] },
      { type: 'piece', piece },
      { type: 'status', statuses: [aStatus({ backlog: 2 })] },
    ]);
    await store.load();
    await store.watch();
    expect([store.status?.backlog, store.alarms.map(({ station }) => station.id)]).toEqual([2, [2]]);
    expect(onPiece).toHaveBeenCalledExactlyOnceWith(piece);
  });

  it('follow a folder that disappears', async () => {
    const { store } = setup([{ type: 'status', statuses: [aStatus({ state: 'unavailable' })] }]);
    await store.load();
    await store.watch();
    expect(store.all.map(({ state }) => state)).toEqual(['unavailable', 'stopped']);
  });

  it('start and stop; a failure is reported and changes nothing', async () => {
    const { calls, notices, store } = setup();
    await store.load();
    await store.toggle(store.all[0]);
    expect(store.all[0].state).toBe('stopped');
    await store.toggle(store.all[1]);
    expect(store.all[1].state).toBe('watching');
    calls.start.mockRejectedValueOnce(new PerchError('NOT_FOUND', 'The folder is missing.'));
    await store.toggle(store.all[0]);
    expect([store.all[0].state, notices.all[0].lines[0].reason, store.switching]).toEqual([
      'stopped',
      'The folder is missing.',
      false,
    ]);
  });

  it('start a new one and show it', async () => {
    const { calls, router, store } = setup();
    await store.load();
    await store.create({ name: 'Line 5', folder: '/line-5', recipe: 1 } as NewStation);
    expect(calls.start).toHaveBeenCalledWith({ station: 3 });
    expect([router.station, store.current?.state]).toEqual([3, 'watching']);
  });

  it('change and remove', async () => {
    const { store } = setup();
    await store.load();
    await store.change(1, { name: 'Changed' });
    await store.remove(2);
    expect(store.all.map(({ name }) => name)).toEqual(['Changed']);
  });

  it('acknowledge the alarm of the shown one first', async () => {
    const statuses = [aStatus({ alarm }), aStatus({ station: 2, alarm })];
    const { calls, router, store } = setup([{ type: 'status', statuses }]);
    await store.load();
    await store.watch();
    router.station = 2;
    await store.acknowledge();
    await store.acknowledge();
    expect(calls.acknowledgeAlarm.mock.calls).toEqual([[{ station: 2 }], [{ station: 1 }]]);
    expect(store.alarms).toEqual([]);
    await store.acknowledge();
    expect(calls.acknowledgeAlarm).toHaveBeenCalledTimes(2);
  });

  it('open dialogs about a station only if there is one', async () => {
    const { store } = setup();
    store.openDialog('change');
    expect(store.dialog).toBeUndefined();
    store.openDialog('create');
    expect(store.dialog).toBe('create');
  });
});
