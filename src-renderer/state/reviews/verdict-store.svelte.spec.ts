import { expect, it } from 'vitest';
import type { SignedVerdict } from '../../../src-main/common/api/sessions.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { Notices } from '../notices.svelte.ts';
import { VerdictStore } from './verdict-store.svelte.ts';

const verdictOn = (image: number, verdict: 'accept' | 'reject'): SignedVerdict => ({
  image,
  verdict,
  defectType: '',
  note: '',
  at: '2026-01-01T00:00:00Z',
  session: 1,
  sessionName: 'Review 1',
  operator: 'Ada',
});

it('keeps a verdict that is set while the list loads', async () => {
  const answer = Promise.withResolvers<{ verdicts: SignedVerdict[] }>();
  const client = { sessions: { verdicts: () => answer.promise } } as unknown as Client;
  const verdicts = new VerdictStore(client, new Notices());
  const opened = verdicts.open(1);
  verdicts.upsert(verdictOn(2, 'reject'));
  answer.resolve({ verdicts: [verdictOn(1, 'accept'), verdictOn(2, 'accept')] });
  await opened;
  expect([...verdicts.byImage.values()].map(({ verdict }) => verdict)).toEqual(['accept', 'reject']);
});
