import { describe, expect, it, vi } from 'vitest';
import { PerchError } from '../../../src-main/common/api/errors.ts';
import type { AuditEntry, AuditFilter } from '../../../src-main/common/api/audit.ts';
import { AuditLog } from './audit-log.svelte.ts';

type Client = ConstructorParameters<typeof AuditLog>[0];

const entry = (id: number): AuditEntry => ({
  id,
  at: '2026-03-01T06:00:00.000Z',
  actor: 'Ada',
  action: 'changed',
  before: null,
  after: { score: id },
  subject: { type: 'threshold', id: '1', name: 'linen' },
});

function setup(count = 250) {
  const all = Array.from({ length: count }, (_, at) => entry(count - at));
  const list = vi.fn(
    async ({ before = Infinity, limit }: AuditFilter & { before?: number; limit: number }) => ({
      entries: all.filter(({ id }) => id < before).slice(0, limit),
      total: count,
    }),
  );
  const actors = async () => ({ actors: ['Ada', 'Grace'] });
  const log = new AuditLog({ audit: { list, actors } } as unknown as Client);
  return { all, list, log };
}

describe('the audit log', () => {
  it('shows the newest entries, and older ones on demand, each once', async () => {
    const { all, log } = setup();
    await log.open();
    expect([log.entries.length, log.total, log.actors]).toEqual([100, 250, ['Ada', 'Grace']]);
    await log.more();
    await log.more();
    await log.more();
    expect(log.entries).toEqual(all);
  });

  it('filters, and keeps its length when it loads again', async () => {
    const { list, log } = setup();
    await log.open({ actor: 'Grace' });
    await log.more();
    await log.reload();
    expect(list).toHaveBeenLastCalledWith({ actor: 'Grace', limit: 200 });
    await log.show({ since: '2026-03-01T00:00:00Z' });
    expect(list).toHaveBeenLastCalledWith({ since: '2026-03-01T00:00:00Z', limit: 100 });
  });

  it('ignores what arrives after it closed, and loads nothing while closed', async () => {
    const { list, log } = setup();
    const opening = log.open();
    log.close();
    await opening;
    expect(log.entries).toEqual([]);
    await log.reload();
    expect(list).toHaveBeenCalledOnce();
  });

  it('says why it cannot be loaded', async () => {
    const { list, log } = setup();
    list.mockRejectedValueOnce(new PerchError('INTERNAL', 'The database is locked.'));
    await log.open();
    expect([log.failure, log.loading]).toEqual(['The database is locked.', false]);
  });
});
