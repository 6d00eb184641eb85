import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PerchError } from '../../../src-main/common/api/errors.ts';
import { aFrame, aPiece, aStation } from '../test/stations.ts';
import { RollSoFar } from './roll-so-far.svelte.ts';

type Client = ConstructorParameters<typeof RollSoFar>[0];

const station = aStation();
const frameOf = (roll: string, number: number) =>
  aPiece({ sequence: number, frame: aFrame({ roll, number }) });

function setup() {
  const load = vi.fn(async ({ roll, rule }: { roll: string; rule: string }) => ({
    roll: { roll },
    rule: { name: rule },
  }));
  const rule = vi.fn(() => 'ten-point');
  const list = vi.fn(async () => ({ rolls: [{ roll: 'B' }, { roll: 'A' }] }));
  const rolls = new RollSoFar({ stations: { roll: load, rolls: list } } as unknown as Client, rule);
  const settle = () => vi.advanceTimersByTimeAsync(1000);
  return { load, rolls, settle };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the roll of the frame on screen', () => {
  it('loads at once, by the chosen rule, and once for all of its frames', async () => {
    const { load, rolls } = setup();
    rolls.show(station, frameOf('A', 1));
    rolls.show(station, frameOf('A', 2));
    await vi.advanceTimersByTimeAsync(0);
    expect(load.mock.calls).toEqual([[{ station: 1, roll: 'A', rule: 'ten-point' }]]);
    expect(rolls.found?.roll.roll).toBe('A');
  });

  it('loads again soon after its frames, however many arrive, and not after those of another roll', async () => {
    const { load, rolls, settle } = setup();
    rolls.show(station, frameOf('A', 1));
    rolls.take(frameOf('B', 1));
    rolls.take(aPiece({ sequence: 9 }));
    await settle();
    expect(load).toHaveBeenCalledTimes(1);
    for (let number = 2; number < 50; number++) rolls.take(frameOf('A', number));
    await settle();
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('loads less often if it takes long', async () => {
    const { load, rolls } = setup();
    load.mockImplementation(async ({ roll, rule }) => {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      return { roll: { roll }, rule: { name: rule } };
    });
    rolls.show(station, frameOf('A', 1));
    await vi.advanceTimersByTimeAsync(1000);
    rolls.take(frameOf('A', 2));
    await vi.advanceTimersByTimeAsync(3900);
    expect(load).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('disappears with another roll, and for a piece that is no frame', async () => {
    const { load, rolls, settle } = setup();
    rolls.show(station, frameOf('A', 1));
    await settle();
    rolls.show(station, frameOf('B', 1));
    expect(rolls.found).toBeUndefined();
    await settle();
    expect(rolls.found?.roll.roll).toBe('B');
    rolls.show(station, aPiece({ sequence: 3 }));
    rolls.reload();
    await settle();
    expect(rolls.found).toBeUndefined();
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('can be another one of the station, until a frame is shown', async () => {
    const { load, rolls, settle } = setup();
    rolls.show(station, frameOf('B', 1));
    await rolls.list();
    expect(rolls.rolls.map(({ roll }) => roll)).toEqual(['B', 'A']);
    rolls.choose('A');
    await settle();
    expect(rolls.found?.roll.roll).toBe('A');
    rolls.show(station, frameOf('B', 1));
    await settle();
    expect(rolls.found?.roll.roll).toBe('B');
    expect(load).toHaveBeenCalledTimes(3);
  });

  it('says why it cannot be loaded, until it can', async () => {
    const { load, rolls, settle } = setup();
    load.mockRejectedValueOnce(new PerchError('NOT_FOUND', 'No such roll.'));
    rolls.show(station, frameOf('A', 1));
    await settle();
    expect([rolls.failure, rolls.found]).toEqual(['No such roll.', undefined]);
    rolls.reload();
    await settle();
    expect([rolls.failure, rolls.found?.roll.roll]).toEqual(['', 'A']);
  });
});
