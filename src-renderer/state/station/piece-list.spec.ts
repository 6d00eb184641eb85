import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aPiece } from '../test/stations.ts';
import { mergePieces, stepPiece } from './piece-list.ts';

const of = (...sequences: number[]) => sequences.map((sequence) => aPiece({ sequence }));
const sequences = (pieces: readonly { sequence: number }[]) => pieces.map(({ sequence }) => sequence);

describe('the list of pieces', () => {
  it('has each piece once, in order of arrival, however they come', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 40 })),
        fc.integer({ min: 1, max: 50 }),
        (come, kept) => {
          let listed = mergePieces([], [], kept);
          for (const sequence of come) listed = mergePieces(listed, of(sequence), kept);
          const all = [...new Set(come)].sort((a, b) => a - b);
          // A piece that left the list may come again, with a verdict for example.
          for (const sequence of sequences(listed)) expect(all).toContain(sequence);
          expect(sequences(listed)).toEqual([...new Set(sequences(listed))].sort((a, b) => a - b));
          expect(listed.length).toBe(Math.min(all.length, kept));
          expect(listed.at(-1)?.sequence).toBe(all.at(-1));
        },
      ),
    );
  });

  it('replaces a piece that changes', () => {
    const [, changed] = mergePieces(of(1, 2, 3), [aPiece({ sequence: 2, verdict: 'reject' })], 9);
    expect(changed.verdict).toBe('reject');
  });

  it('stays bounded over days', () => {
    let listed = mergePieces([], [], 200);
    for (let sequence = 1; sequence <= 5000; sequence++) listed = mergePieces(listed, of(sequence), 200);
    expect([listed.length, listed[0].sequence]).toEqual([200, 4801]);
  });
});

describe('steps between pieces', () => {
  const listed = [
    ...of(1, 2),
    aPiece({ sequence: 3, state: 'waiting' }),
    ...of(4),
    aPiece({ sequence: 5, state: 'failed' }),
  ];

  it('visit decided and failed pieces, up to the ends', () => {
    const steps: [number | undefined, number][] = [
      [undefined, 0],
      [5, -1],
      [4, -1],
      [2, 1],
      [1, -1],
      [5, 1],
      [1, 99],
    ];
    expect(steps.map(([from, by]) => stepPiece(listed, from, by)?.sequence)).toEqual([5, 4, 2, 4, 1, 5, 5]);
  });

  it('continue at the neighbor of a piece that left the list', () => {
    const later = of(10, 11, 12);
    expect(stepPiece(later, 7, 1)?.sequence).toBe(10);
    expect(stepPiece(later, 13, -1)?.sequence).toBe(12);
    expect(stepPiece([], 7, 1)).toBeUndefined();
  });
});
