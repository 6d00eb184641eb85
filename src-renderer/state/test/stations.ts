import type { Output } from '../../../src-main/common/api/outputs.ts';
import type { PieceFrame } from '../../../src-main/common/api/station-frames.ts';
import type { Piece, ShiftCount, Station, StationStatus } from '../../../src-main/common/api/station.ts';

/** A station with defaults for the other properties. */
export function aStation(part: Partial<Station> = {}): Station {
  return {
    id: 1,
    name: 'Line 3',
    folder: '/line-3',
    recipe: { id: 1, name: 'Oxford 210D', revision: 7 },
    dataset: 1,
    textureClass: 'linen',
    state: 'watching',
    heldBy: null,
    polling: false,
    rollDirection: null,
    shifts: ['06:00', '14:00', '22:00'],
    alarmAfter: 3,
    keep: { days: null, pieces: 10_000, rejectsToo: false, records: null },
    createdAt: '2026-03-01T05:00:00.000Z',
    ...part,
  };
}

/** A piece that passed, with defaults for the other properties. Its id is its sequence. */
export function aPiece({ sequence, ...part }: Partial<Piece> & { sequence: number }): Piece {
  return {
    id: sequence,
    station: 1,
    sequence,
    file: `${String(sequence).padStart(6, '0')}.png`,
    sha256: 'a'.repeat(64),
    image: sequence,
    thumbnail: null,
    state: 'decided',
    decision: 'pass',
    score: 0.01,
    reason: 'No region of the required size reaches the review threshold 0.0188; the highest is at 0.01',
    recipe: 1,
    revision: 7,
    regions: [],
    regionsTotal: 0,
    arrivedAt: '2026-03-01T06:00:00.000Z',
    decidedAt: '2026-03-01T06:00:00.400Z',
    seconds: 0.4,
    error: null,
    duplicateOf: null,
    frame: null,
    verdict: null,
    operator: null,
    result: sequence,
    map: 'map',
    pruned: false,
    ...part,
  };
}

/** The place of a frame without a scale, with defaults for the other properties. Frames are 100 pixels long. */
export function aFrame({ number, ...part }: Partial<PieceFrame> & { number: number }): PieceFrame {
  const place = { offset: 100 * (number - 1), length: 100, width: 200 };
  return { roll: 'A', number, ...place, mm: null, assumed: false, ...part };
}

export function aShift(part: Partial<ShiftCount> = {}): ShiftCount {
  return {
    shift: '2026-03-01 06:00',
    from: '2026-03-01T05:00:00.000Z',
    to: null,
    pieces: 0,
    pass: 0,
    review: 0,
    reject: 0,
    undecided: 0,
    failed: 0,
    dropped: 0,
    duplicates: 0,
    overruled: 0,
    rejectRate: null,
    ...part,
  };
}

/** A quiet status with defaults for the other properties. */
export function aStatus(part: Partial<StationStatus> = {}): StationStatus {
  return {
    station: 1,
    state: 'watching',
    backlog: 0,
    lagSeconds: null,
    oldestWaiting: null,
    dropped: 0,
    incomplete: 0,
    alarm: null,
    shift: aShift(),
    halted: null,
    ...part,
  };
}

/** A webhook that delivered all its messages, with defaults for the other properties. */
export function anOutput(part: Partial<Output> = {}): Output {
  return {
    id: 1,
    station: 1,
    target: {
      type: 'webhook',
      url: 'https://line.example/perch',
      plaintext: false,
      certificateFile: null,
    },
    hasSecret: true,
    enabled: true,
    pending: 0,
    pendingSince: null,
    refused: 0,
    dropped: 0,
    deliveredAt: '2026-03-01T06:00:01.000Z',
    lastError: null,
    nextAttemptAt: null,
    ...part,
  };
}
