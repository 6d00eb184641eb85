import { describe, expect, it, vi } from 'vitest';
import type { Problem } from '../../../src-main/common/api/datasets.ts';
import { PerchError } from '../../../src-main/common/api/errors.ts';
import type { RollImportEvent } from '../../../src-main/common/api/rolls.ts';
import { Notices } from '../notices.svelte.ts';
import { aDataset } from '../test/client.ts';
import { aRoll } from '../test/rolls.ts';
import { RollImport } from './roll-import.svelte.ts';

type Client = ConstructorParameters<typeof RollImport>[0];

function setup(events: () => AsyncIterable<RollImportEvent>) {
  const importRoll = vi.fn(async (..._: unknown[]) => events());
  const discardUpload = vi.fn(async (_: { upload: string }) => {});
  const client = {
    rolls: { import: importRoll },
    datasets: { discardUpload, list: async () => ({ datasets: [aDataset({ id: 1 }), aDataset({ id: 2 })] }) },
  } as unknown as Client;
  const add = vi.fn();
  const notices = new Notices();
  const rollImport = new RollImport(client, { add }, notices);
  rollImport.show();
  Object.assign(rollImport, { path: ' /rolls/4711 ', lot: '4711', article: 'Oxford' });
  return { add, discardUpload, importRoll, notices, rollImport };
}

const imported = (problems: Problem[] = []): RollImportEvent => ({
  type: 'imported',
  roll: aRoll({ dataset: 2 }),
  problems,
});

describe('the import of a roll', () => {
  it('shows its progress, selects the dataset and offers the roll to open', async () => {
    const seen: unknown[] = [];
    const { add, importRoll, rollImport } = setup(async function* () {
      yield { type: 'progress', done: 3, total: 40 };
      seen.push(rollImport.progress);
      yield imported();
    });
    await rollImport.start();
    expect(importRoll.mock.calls[0][0]).toEqual({
      source: { path: '/rolls/4711' },
      lot: '4711',
      article: 'Oxford',
    });
    expect(seen).toEqual([{ done: 3, total: 40 }]);
    expect(add).toHaveBeenCalledWith(expect.objectContaining({ id: 2 }));
    expect([rollImport.imported?.dataset, rollImport.isOpen, rollImport.path]).toEqual([2, false, '']);
    expect(rollImport.progress).toBeUndefined();
  });

  it('says what was guessed or skipped', async () => {
    const note = { kind: 'note', path: '/rolls/4711', message: 'Frame 17 is missing.' } as const;
    const { notices, rollImport } = setup(async function* () {
      yield imported([note]);
    });
    await rollImport.start();
    expect(notices.all[0].lines).toEqual([{ subject: '/rolls/4711', reason: 'Frame 17 is missing.' }]);
  });

  it('that fails keeps the dialog and what was typed', async () => {
    const { rollImport } = setup(async function* () {
      yield* [];
      throw new PerchError('NOT_READABLE', 'Frame 3 has another width.');
    });
    await rollImport.start();
    expect(rollImport.failure).toBe('Frame 3 has another width.');
    expect([rollImport.isOpen, rollImport.lot]).toEqual([true, '4711']);
  });

  it('ends when the dialog closes', async () => {
    const hold = Promise.withResolvers<undefined>();
    const { add, importRoll, rollImport } = setup(async function* () {
      await hold.promise;
      yield imported();
    });
    const importing = rollImport.start();
    await vi.waitFor(() => expect(importRoll).toHaveBeenCalled());
    rollImport.close();
    expect((importRoll.mock.calls[0][1] as { signal: AbortSignal }).signal.aborted).toBe(true);
    hold.resolve(undefined);
    await importing;
    expect(add).not.toHaveBeenCalled();
    expect([rollImport.imported, rollImport.failure]).toEqual([undefined, '']);
  });

  it('discards uploaded files when it is closed, and keeps imported ones', async () => {
    const { discardUpload, rollImport } = setup(async function* () {
      yield imported();
    });
    rollImport.show({ path: '/imports/d/dropped/4711', upload: 'd' });
    expect(rollImport.path).toBe('/imports/d/dropped/4711');
    rollImport.close();
    expect(discardUpload.mock.calls).toEqual([[{ upload: 'd' }]]);
    expect(rollImport.path).toBe('');
    rollImport.show({ path: '/imports/e/dropped/4711', upload: 'e' });
    await rollImport.start();
    rollImport.close();
    expect(discardUpload).toHaveBeenCalledTimes(1);
  });
});
