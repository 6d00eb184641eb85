import { describe, expect, it, vi } from 'vitest';
import { PerchError } from '../../../src-main/common/api/errors.ts';
import { anImage } from '../test/images.ts';
import { aPiece } from '../test/stations.ts';
import { DrawnPiece, type DrawnPieceDeps } from './drawn-piece.svelte.ts';

function setup() {
  const bitmaps = { load: vi.fn(async (_: number) => ({}) as ImageBitmap) };
  const view = vi.fn(async ({ piece }: { piece: number }) => ({
    image: anImage({ id: piece }),
    result: null,
    definition: null,
  }));
  const deps = { client: { stations: { view } }, bitmaps, maps: { outline: vi.fn() } };
  return { bitmaps, view, drawn: new DrawnPiece(deps as unknown as DrawnPieceDeps) };
}
const piece = (sequence: number) => aPiece({ sequence });
const settled = async () => await new Promise((resolve) => setTimeout(resolve, 5));

describe('the piece on screen', () => {
  it('changes only when its pixels have loaded', async () => {
    const { bitmaps, drawn } = setup();
    drawn.show(piece(1));
    await settled();
    const slow = Promise.withResolvers<ImageBitmap>();
    bitmaps.load.mockReturnValueOnce(slow.promise);
    drawn.show(piece(2));
    await settled();
    expect(drawn.current?.piece.id).toBe(1);
    slow.resolve({} as ImageBitmap);
    await settled();
    expect([drawn.current?.piece.id, drawn.current?.view.image?.id]).toEqual([2, 2]);
  });

  it('is the latest of pieces that arrive faster than they load', async () => {
    const { drawn, view } = setup();
    for (let sequence = 1; sequence <= 50; sequence++) drawn.show(piece(sequence));
    await settled();
    expect(drawn.current?.piece.id).toBe(50);
    expect(view.mock.calls.map(([asked]) => asked.piece)).toEqual([1, 50]);
  });

  it('appears even if pieces never stop arriving', async () => {
    const { bitmaps, drawn } = setup();
    bitmaps.load.mockImplementation(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return {} as ImageBitmap;
    });
    const seen = new Set<number | undefined>();
    for (let sequence = 1; sequence <= 40; sequence++) {
      drawn.show(piece(sequence));
      await settled();
      seen.add(drawn.current?.piece.id);
    }
    expect(seen.size).toBeGreaterThan(4);
  });

  it('has a decision although its picture takes long or cannot be loaded', async () => {
    vi.useFakeTimers();
    const { bitmaps, drawn, view } = setup();
    bitmaps.load.mockReturnValueOnce(new Promise(() => {}));
    drawn.show(piece(1));
    await vi.advanceTimersByTimeAsync(1500);
    expect(drawn.current?.piece.id).toBe(1);
    vi.useRealTimers();
    view.mockRejectedValueOnce(new PerchError('NOT_FOUND', 'gone'));
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    drawn.show(piece(2));
    await settled();
    expect(drawn.current).toMatchObject({ piece: { id: 2 }, view: { image: null } });
    vi.restoreAllMocks();
  });

  it('is not that of a station that was left', async () => {
    const { bitmaps, drawn } = setup();
    const slow = Promise.withResolvers<ImageBitmap>();
    bitmaps.load.mockReturnValueOnce(slow.promise);
    drawn.show(piece(1));
    await settled();
    drawn.show(undefined);
    slow.resolve({} as ImageBitmap);
    await settled();
    expect(drawn.current).toBeUndefined();
    drawn.show(aPiece({ sequence: 1, id: 7, station: 2 }));
    await settled();
    expect(drawn.current?.piece.id).toBe(7);
  });
});
