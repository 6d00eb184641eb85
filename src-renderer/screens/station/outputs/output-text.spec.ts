import { describe, expect, it } from 'vitest';
import { anOutput } from '../../../state/test/stations.ts';
import { deliveryText, placeText } from './output-text.ts';

describe('texts of an output', () => {
  it('name the place', () => {
    expect(placeText({ type: 'file', folder: null })).toBe('next to each image');
    const folders = { pass: null, review: '/review', reject: '/reject', none: '/none' };
    expect(placeText({ type: 'move', folders })).toBe('review: /review, reject: /reject, no decision: /none');
  });

  it('say how the delivery goes', () => {
    expect(deliveryText(anOutput({ deliveredAt: null }))).toBe('Nothing delivered yet');
    const text = deliveryText(
      anOutput({ pending: 1200, pendingSince: new Date().toISOString(), refused: 1, dropped: 2 }),
    );
    expect(text).toMatch(
      /^1\u202f200 pending since .*, 1 message refused, 2 messages dropped, last delivered/,
    );
    expect(deliveryText(anOutput({ enabled: false }))).toMatch(/^Off, last delivered/);
  });
});
