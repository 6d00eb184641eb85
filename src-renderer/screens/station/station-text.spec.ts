import { describe, expect, it } from 'vitest';
import { aFrame, aPiece } from '../../state/test/stations.ts';
import {
  clockText,
  frameText,
  isOverruled,
  lagText,
  pieceText,
  rejectRateText,
  shiftStart,
  verdictText,
} from './station-text.ts';

describe('texts of a station', () => {
  it('give a lag few digits', () => {
    expect([null, 0.42, 9.96, 12.4, 119, 180, 7200].map(lagText)).toEqual([
      '–',
      '0.4 s',
      '10.0 s',
      '12 s',
      '119 s',
      '3 min',
      '2 h',
    ]);
  });

  it('give the place of a frame in pixels, or by its scale', () => {
    const frame = aFrame({ number: 13 });
    expect(frameText(frame, 'mm')).toBe('Frame 13 at 1\u202f200 px');
    const mm = { offset: 8400, length: 700 };
    expect([frameText({ ...frame, mm }, 'mm'), frameText({ ...frame, mm }, 'inch')]).toEqual([
      'Frame 13 at 8.40 m',
      'Frame 13 at 9.19 yd',
    ]);
  });

  it('give the reject rate one decimal place, and none without decided pieces', () => {
    expect([null, 0, 0.0312].map((rejectRate) => rejectRateText({ rejectRate }))).toEqual([
      '–',
      '0.0 %',
      '3.1 %',
    ]);
  });

  it('say whether a person confirmed or overruled the decision', () => {
    const texts = (['accept', 'reject', 'unsure'] as const).flatMap((verdict) =>
      (['pass', 'review', 'reject'] as const).map((decision) =>
        verdictText(aPiece({ sequence: 1, decision, verdict, operator: 'Ada' })),
      ),
    );
    expect(texts).toEqual([
      'Confirmed by Ada: accepted',
      'Accepted by Ada',
      'Overruled by Ada: accepted',
      'Overruled by Ada: rejected',
      'Rejected by Ada',
      'Confirmed by Ada: rejected',
      'Unsure by Ada',
      'Unsure by Ada',
      'Unsure by Ada',
    ]);
    expect(isOverruled({ decision: null, verdict: 'reject' })).toBe(false);
  });

  it('describe a piece', () => {
    const rejected = { sequence: 1204, decision: 'reject', duplicateOf: 3 } as const;
    expect(pieceText(aPiece({ ...rejected, thumbnail: 'a.webp' }))).toBe(
      'Piece 1\u202f204, Reject, same content as an earlier piece',
    );
    expect(pieceText(aPiece({ ...rejected, thumbnail: null }))).toMatch(/, its picture was not kept$/);
    expect(pieceText(aPiece({ sequence: 7, state: 'failed', decision: null }))).toBe('Piece 7, Failed');
  });

  it('name the date of a time that is not near', () => {
    const at = '2026-03-01T06:00:00.000Z';
    const soon = clockText(at, Date.parse(at) + 1000);
    expect(clockText(at, Date.parse(at) + 3 * 86_400_000)).toContain(soon);
    expect(clockText(at, Date.parse(at) + 3 * 86_400_000).length).toBeGreaterThan(soon.length);
  });

  it('name a shift by its start', () => {
    expect(shiftStart({ shift: '2026-03-01 06:00' })).toBe('06:00');
  });
});
