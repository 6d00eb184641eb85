import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PieceMessage } from '../../../common/api/decision-message.ts';
import { addImages, temporaryStore } from '../../../test/store.ts';
import { type DecidedPiece, makeDecisionMessage } from '../make-message.ts';

/** A store with a station that watches a temporary folder. */
export function temporaryStation() {
  const { store, home, dispose } = temporaryStore();
  const folder = mkdtempSync(join(tmpdir(), 'perch-station-'));
  const { dataset } = addImages(store, []);
  store.database.exec(`
    INSERT INTO recipes (id, name, created_at) VALUES (1, 'oxford', 't');
    INSERT INTO stations (id, name, folder, dataset_id, texture_class, recipe_id, polling, shifts, alarm_after, keep, created_at)
      VALUES (1, 'Line 1', '${folder}', ${dataset}, 'linen', 1, 0, '[]', 0, '{}', 't');`);
  return {
    store,
    home,
    folder,
    dataset,
    station: 1,
    async dispose() {
      await dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What a message says about the piece with a sequence. */
export function decidedPiece(sequence: number, change: Partial<DecidedPiece> = {}): DecidedPiece {
  return {
    store: 'store',
    station: { id: 1, name: 'Line 1' },
    sequence,
    file: `${sequence}.png`,
    sha256: 'f'.repeat(64),
    size: { width: 640, height: 480 },
    frame: null,
    decision: 'reject',
    reason: 'A region reaches the reject threshold 0.5',
    score: 0.75,
    thresholds: { review: 0.25, reject: 0.5 },
    regionsTotal: 1,
    pixel: undefined,
    regions: [{ box: { left: 10, top: 20, width: 30, height: 40 }, area: 340, peak: 0.9 }],
    recipe: { name: 'oxford', revision: 3, sha256: 'e'.repeat(64) },
    arrivedAt: '2026-03-01T06:00:00.000Z',
    decidedAt: '2026-03-01T06:00:00.600Z',
    ...change,
  };
}

export const messageOf = (sequence: number, change: Partial<DecidedPiece> = {}): PieceMessage =>
  makeDecisionMessage(decidedPiece(sequence, change));
