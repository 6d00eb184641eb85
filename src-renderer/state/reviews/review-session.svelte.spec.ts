import { describe, expect, it } from 'vitest';
import type { ImageVerdict, Session } from '../../../src-main/common/api/sessions.ts';
import { ConnectionLostError } from '../../api/failures.ts';
import { ReviewSession, type SessionCalls } from './review-session.svelte.ts';

const session: Session = {
  id: 7,
  name: 'Night shift',
  operator: 'A. Weber',
  dataset: 1,
  method: 2,
  filter: 'carpet',
  blind: false,
  heatmapHidden: false,
  group: null,
  adjudicates: null,
  createdAt: '2026-01-01T00:00:00Z',
  endedAt: null,
  total: 3,
  reviewed: 0,
};
const accepted: ImageVerdict = {
  image: 11,
  verdict: 'accept',
  defectType: '',
  note: '',
  at: '2026-01-01T00:00:01Z',
};

/** A fake host that records verdicts, and can refuse them or lose responses. */
class Host {
  readonly received: unknown[] = [];
  refusing = false;
  /** Number of responses that get lost. */
  losing = 0;
  readonly calls = {
    setVerdict: async (input: Parameters<SessionCalls['setVerdict']>[0]) => {
      await Promise.resolve();
      if (this.losing > 0) {
        this.losing--;
        throw new ConnectionLostError(undefined);
      }
      if (this.refusing) throw new Error('The disk is full.');
      this.received.push(input);
      const { image, verdict, defectType = '', note = '' } = input;
      return {
        session: { ...session, reviewed: 1 },
        imageVerdict: { ...accepted, image, verdict, defectType, note },
      };
    },
    undo: async () => ({ session, image: 11, imageVerdict: null }),
    finish: async () => ({ ...session, endedAt: '2026-01-01T01:00:00Z' }),
    reopen: async () => session,
  } as unknown as SessionCalls;
}

function open(host: Host, verdicts: ImageVerdict[] = []): ReviewSession {
  return new ReviewSession(host.calls, { session, images: [11, 12, 13], verdicts, pairs: [] });
}

describe('ReviewSession', () => {
  it('shows a verdict immediately and saves it', async () => {
    const host = new Host();
    const review = open(host);
    const kept = review.setVerdict(11, 'reject');
    expect(review.verdictOf(11)?.verdict).toBe('reject');
    expect(host.received).toEqual([]);
    await kept;
    expect(host.received).toEqual([{ session: 7, image: 11, verdict: 'reject', defectType: '', note: '' }]);
    expect(review.session.reviewed).toBe(1);
  });

  it('sends a verdict again if the response was lost', async () => {
    const host = new Host();
    host.losing = 2;
    const review = open(host);
    await review.setVerdict(11, 'reject');
    expect(host.losing).toBe(0);
    expect(host.received).toHaveLength(1);
    expect(review.verdictOf(11)?.verdict).toBe('reject');
  });

  it('reverts a verdict that the host refuses', async () => {
    const host = new Host();
    const review = open(host, [accepted]);
    host.refusing = true;
    await expect(review.setVerdict(11, 'reject')).rejects.toThrow('The disk is full.');
    await expect(review.setVerdict(12, 'reject')).rejects.toThrow();
    expect(review.verdictOf(11)?.verdict).toBe('accept');
    expect(review.verdictOf(12)).toBeUndefined();
  });

  it('saves changes in order', async () => {
    const host = new Host();
    const review = open(host);
    await Promise.all([
      review.setVerdict(11, 'unsure'),
      review.setVerdict(12, 'accept'),
      review.annotate(11, { defectType: 'hole' }),
    ]);
    expect(host.received).toMatchObject([
      { image: 11, verdict: 'unsure', defectType: '' },
      { image: 12, verdict: 'accept' },
      { image: 11, verdict: 'unsure', defectType: 'hole' },
    ]);
  });

  it('saves a note with the verdict that follows it', async () => {
    const host = new Host();
    const review = open(host);
    await review.annotate(12, { note: 'at the seam' });
    expect(host.received).toEqual([]);
    expect(review.detailsOf(12).note).toBe('at the seam');
    await review.setVerdict(12, 'reject');
    expect(host.received).toMatchObject([{ image: 12, verdict: 'reject', note: 'at the seam' }]);
  });

  it('finds the next image without a verdict, continuing at the start', () => {
    const review = open(new Host(), [{ ...accepted, image: 12 }]);
    expect(review.nextUnreviewed(11)).toBe(13);
    expect(review.nextUnreviewed(13)).toBe(11);
    expect(review.nextUnreviewed(99)).toBe(11);
  });

  it('undoes the latest change and returns its image', async () => {
    const review = open(new Host(), [accepted]);
    expect(await review.undo()).toBe(11);
    expect(review.verdictOf(11)).toBeUndefined();
  });

  it('finishes and reopens', async () => {
    const review = open(new Host());
    await review.finish();
    expect(review.ended).toBe(true);
    await review.reopen();
    expect(review.ended).toBe(false);
  });
});
