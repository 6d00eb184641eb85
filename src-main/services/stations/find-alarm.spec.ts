import { describe, expect, it } from 'vitest';
import type { CalibrationRecord, Decision } from '../../common/api/recipes.ts';
import type { ScoredPiece } from '../../store/pieces.ts';
import { findAlarm } from './find-alarm.ts';

const at = '2026-03-01T06:00:00.000Z';
function pieces(decisions: string, change: Partial<ScoredPiece> = {}): ScoredPiece[] {
  const names: Record<string, Decision> = { p: 'pass', v: 'review', r: 'reject' };
  return [...decisions].map((letter, index) => ({
    piece: index + 1,
    sequence: index + 1,
    at,
    score: letter === 'r' ? 9 : 1,
    decision: names[letter],
    verdict: null,
    ...change,
  }));
}
const find = (of: ScoredPiece[], alarmAfter: number, calibration: CalibrationRecord | null = null) =>
  findAlarm(of, { alarmAfter, calibration, at });

describe('consecutive rejects', () => {
  it.each([
    ['pprrr', 3, true],
    ['rrrp', 3, false],
    ['rrvrr', 3, false],
    ['rr', 3, false],
    ['r', 1, true],
    ['rrrrr', 0, false],
  ])('%s with a limit of %i: %s', (decisions, limit, isAlarm) => {
    expect(find(pieces(decisions), limit)?.kind).toBe(isAlarm ? 'consecutive' : undefined);
  });

  it('are named, with the time', () => {
    expect(find(pieces('rrr'), 3)).toEqual({
      kind: 'consecutive',
      since: at,
      text: '3 pieces in a row were rejected.',
    });
  });

  it('do not count if an operator accepted one', () => {
    expect(find([...pieces('rr'), ...pieces('r', { verdict: 'accept' })], 3)).toBeUndefined();
  });
});

describe('the control chart', () => {
  const calibration: CalibrationRecord = {
    rule: { type: 'false-rejects', rate: 0 },
    source: 'all',
    good: 100,
    defective: 0,
    guaranteedFalseRejects: 0.01,
    goodScores: { min: 0, median: 2, max: 3 },
    imagesSha256: '',
  };

  it('raises an alarm if pieces score lower than the good ones', () => {
    const alarm = find(pieces('p'.repeat(25)), 0, calibration);
    expect(alarm).toMatchObject({ kind: 'control-chart', text: expect.stringContaining('below the median') });
  });

  it('raises none for pieces that an operator rejected', () => {
    expect(find(pieces('r'.repeat(25)), 0, calibration)?.kind).toBe('control-chart');
    expect(find(pieces('r'.repeat(25), { verdict: 'reject' }), 0, calibration)).toBeUndefined();
  });
});
