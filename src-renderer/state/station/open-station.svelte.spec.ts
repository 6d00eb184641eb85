import { beforeEach, describe, expect, it, vi } from 'vitest';
import { PerchError } from '../../../src-main/common/api/errors.ts';
import type { Piece } from '../../../src-main/common/api/station.ts';
import { Notices } from '../notices.svelte.ts';
import { anImage } from '../test/images.ts';
import { aPiece } from '../test/stations.ts';
import { OpenStation, type OpenStationDeps } from './open-station.svelte.ts';

interface Call {
  station: number;
  before?: number;
  limit: number;
}

/** A station of 300 pieces, of which the last ones are loaded. */
function setup() {
  const history = Array.from({ length: 300 }, (_, at) => aPiece({ sequence: at + 1 }));
  const calls = {
    pieces: vi.fn(async ({ before = Infinity, limit }: Call) => ({
      pieces: history
        .filter(({ sequence }) => sequence < before)
        .slice(-limit)
        .toReversed(),
    })),
    view: vi.fn(async ({ piece }: { piece: number }) => ({
      image: anImage({ id: piece }),
      result: null,
      definition: null,
    })),
    verdict: vi.fn(
      async ({ piece, verdict, operator }: Pick<Piece, 'verdict' | 'operator'> & { piece: number }) => ({
        ...history[piece - 1],
        verdict,
        operator,
      }),
    ),
  };
  const bitmaps = { load: vi.fn(async (_: number) => ({}) as ImageBitmap) };
  const notices = new Notices();
  const author = vi.fn(async (): Promise<string | undefined> => 'Ada');
  const open = new OpenStation({
    client: { stations: calls },
    bitmaps,
    notices,
    signature: { author },
    maps: { outline: vi.fn() },
  } as unknown as OpenStationDeps);
  /** What the screen's effect does. */
  const draw = async () => {
    const { wanted } = open;
    open.drawn.show(wanted);
    await vi.waitFor(() => expect(open.drawn.current?.piece.id).toBe(wanted?.id));
  };
  const arrive = async (part: Partial<Piece> & { sequence: number }) => {
    open.take(aPiece(part));
    await draw();
  };
  return { arrive, author, bitmaps, calls, draw, notices, open };
}

describe('the open station', () => {
  let it0: ReturnType<typeof setup>;
  beforeEach(async () => {
    vi.useRealTimers();
    it0 = setup();
    await it0.open.open(1);
    await it0.draw();
  });

  it('shows the newest piece, and each one that arrives', async () => {
    expect(it0.open.piece?.sequence).toBe(300);
    await it0.arrive({ sequence: 301 });
    expect(it0.open.piece?.sequence).toBe(301);
    // It belongs to another station.
    it0.open.take(aPiece({ sequence: 999, station: 2 }));
    expect(it0.open.wanted?.sequence).toBe(301);
  });

  it('shows a failed piece, but none that waits', () => {
    it0.open.take(aPiece({ sequence: 301, state: 'failed', decision: null }));
    it0.open.take(aPiece({ sequence: 302, state: 'waiting', decision: null }));
    expect(it0.open.wanted?.sequence).toBe(301);
  });

  it('keeps a held piece on screen and counts the newer ones', async () => {
    it0.open.hold();
    await it0.arrive({ sequence: 301 });
    await it0.arrive({ sequence: 302 });
    expect([it0.open.piece?.sequence, it0.open.newer]).toEqual([300, 2]);
    it0.open.toggleHold();
    await it0.draw();
    expect([it0.open.piece?.sequence, it0.open.newer, it0.open.held]).toEqual([302, 0, undefined]);
  });

  it('steps back as far as there are pieces, and forward until it follows again', async () => {
    for (let step = 0; step < 25; step++) {
      await it0.open.step(-10);
      await it0.draw();
    }
    expect(it0.open.piece?.sequence).toBe(50);
    expect(it0.calls.pieces).toHaveBeenCalledWith({ station: 1, before: 101, limit: 100 });
    await it0.open.step(1);
    await it0.draw();
    expect([it0.open.piece?.sequence, it0.open.held?.sequence]).toEqual([51, 51]);
    await it0.open.step(Infinity);
    await it0.draw();
    await it0.open.step(1);
    expect([it0.open.wanted?.sequence, it0.open.held]).toEqual([300, undefined]);
    // Following keeps only the latest pieces.
    expect(it0.open.pieces).toHaveLength(200);
  });

  it('holds any piece by its sequence, from which it can step', async () => {
    await it0.open.showSequence(250);
    await it0.draw();
    expect([it0.open.held?.sequence, it0.calls.pieces.mock.calls.length]).toEqual([250, 1]);
    await it0.open.showSequence(40);
    await it0.draw();
    expect(it0.open.held?.sequence).toBe(40);
    expect(it0.calls.pieces).toHaveBeenLastCalledWith({ station: 1, before: 101, limit: 61 });
    await it0.open.step(1);
    expect(it0.open.held?.sequence).toBe(41);
  });

  it('forgets the pieces of another station', async () => {
    it0.open.hold();
    await it0.open.open(2);
    expect(it0.open.held).toBeUndefined();
    await it0.open.open(undefined);
    expect([it0.open.pieces, it0.open.piece]).toEqual([[], undefined]);
  });

  it('adds missed pieces after a reconnect and keeps the held one', async () => {
    it0.open.hold();
    await it0.open.open(1);
    expect([it0.open.held?.sequence, it0.open.pieces.length]).toEqual([300, 200]);
  });
});

describe('a verdict on a piece', () => {
  it('is shown at once, and is that of the operator', async () => {
    const { calls, draw, open } = setup();
    await open.open(1);
    await draw();
    await open.setVerdict('reject');
    expect(calls.verdict).toHaveBeenCalledWith({ piece: 300, verdict: 'reject', operator: 'Ada' });
    expect([open.piece?.verdict, open.piece?.operator]).toEqual(['reject', 'Ada']);
  });

  it('goes to the piece on screen although another one is loading', async () => {
    const { calls, bitmaps, draw, open } = setup();
    await open.open(1);
    await draw();
    bitmaps.load.mockReturnValue(new Promise(() => {}));
    open.take(aPiece({ sequence: 301 }));
    open.drawn.show(open.wanted);
    await open.setVerdict('accept');
    expect(calls.verdict).toHaveBeenCalledWith(expect.objectContaining({ piece: 300 }));
  });

  it('that comes when the piece has just changed holds it, and counts when it is given again', async () => {
    const { arrive, calls, draw, open } = setup();
    await open.open(1);
    await draw();
    await arrive({ sequence: 301 });
    await open.setVerdict('reject');
    expect([open.doubtful, open.held?.sequence]).toEqual([true, 301]);
    expect(calls.verdict).not.toHaveBeenCalled();
    open.take(aPiece({ sequence: 302 }));
    await open.setVerdict('reject');
    expect(calls.verdict).toHaveBeenCalledWith(expect.objectContaining({ piece: 301 }));
    // It was held only for the verdict.
    expect([open.doubtful, open.held, open.wanted?.sequence]).toEqual([false, undefined, 302]);
  });

  it('does not go to the piece that leaves the screen because a person chose another', async () => {
    const { calls, draw, open } = setup();
    await open.open(1);
    await draw();
    await open.step(-1);
    await open.setVerdict('reject');
    expect([open.doubtful, open.held?.sequence]).toEqual([true, 299]);
    await draw();
    await open.setVerdict('reject');
    expect(calls.verdict).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ piece: 299 }));
    // A person held it before.
    expect([open.doubtful, open.held?.sequence]).toEqual([false, 299]);
  });

  it('that comes later counts at once', async () => {
    const { arrive, calls, draw, open } = setup();
    await open.open(1);
    await draw();
    await arrive({ sequence: 301 });
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 600);
    await open.setVerdict('reject');
    expect(calls.verdict).toHaveBeenCalledWith(expect.objectContaining({ piece: 301 }));
    vi.restoreAllMocks();
  });

  it('needs a name, and a decided piece', async () => {
    const { arrive, author, calls, draw, open } = setup();
    await open.open(1);
    await draw();
    author.mockResolvedValueOnce(undefined);
    await open.setVerdict('accept');
    await arrive({ sequence: 301, state: 'failed', decision: null });
    await open.setVerdict('accept');
    expect(calls.verdict).not.toHaveBeenCalled();
    expect(open.piece?.verdict).toBeNull();
  });

  it('that cannot be saved is taken back and reported', async () => {
    const { calls, draw, notices, open } = setup();
    await open.open(1);
    await draw();
    calls.verdict.mockRejectedValueOnce(new PerchError('NOT_FOUND', 'The piece is gone.'));
    await open.setVerdict('accept');
    expect(open.piece?.verdict).toBeNull();
    expect(notices.all[0].title).toContain('piece 300');
  });
});
