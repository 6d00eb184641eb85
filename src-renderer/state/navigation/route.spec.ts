import { describe, expect, it } from 'vitest';
import { EMPTY_FILTER } from '../images/image-filter.ts';
import { DEFAULT_ORDER } from '../images/image-order.ts';
import { formatRoute, isHistoryEntry, parseRoute, type Route } from './route.ts';

const route: Route = {
  screen: 'inspect',
  dataset: 3,
  textureClass: 'leather / brown',
  method: 2,
  image: 17,
  session: 5,
  station: 2,
  filter: {
    ...EMPTY_FILTER,
    text: 'a&b=c',
    kinds: ['hole', ''],
    verdicts: ['reject', 'none'],
    decisions: ['review'],
    groundTruths: ['masked'],
    annotated: false,
    low: 0.25,
    high: 2,
    train: true,
    only: { title: 'good x reject', images: [3, 4, 5, 9] },
  },
  order: { by: 'score', descending: true },
};

describe('routes', () => {
  it('are unchanged by formatting and parsing', () => {
    expect(parseRoute(formatRoute(route))).toEqual(route);
  });

  it('omit default values', () => {
    expect(formatRoute({ screen: 'library', filter: EMPTY_FILTER, order: DEFAULT_ORDER })).toBe('#/library');
  });

  it('have no value for missing and invalid parts', () => {
    const open = parseRoute('#/library?dataset=x&verdict=perhaps&sort=luck&low=');
    expect(open).toMatchObject({ screen: 'library', filter: EMPTY_FILTER, order: DEFAULT_ORDER });
    expect(open.dataset).toBeUndefined();
    expect(parseRoute('nonsense')).toMatchObject({ screen: '', filter: EMPTY_FILTER });
  });

  it('are history entries if screen or method change, not if the image changes', () => {
    expect(isHistoryEntry(route, { ...route, image: 18 })).toBe(false);
    expect(isHistoryEntry(route, { ...route, filter: EMPTY_FILTER })).toBe(false);
    expect(isHistoryEntry(route, { ...route, screen: 'runs' })).toBe(true);
    expect(isHistoryEntry(route, { ...route, method: 1 })).toBe(true);
  });
});
