import { describe, expect, it } from 'vitest';
import { EMPTY_FILTER } from '../images/image-filter.ts';
import { DEFAULT_ORDER } from '../images/image-order.ts';
import { formatRoute, isHistoryEntry, parseRoute, type Route } from './route.ts';

const place: Route = {
  screen: 'inspect',
  dataset: 3,
  textureClass: 'leather / brown',
  method: 2,
  image: 17,
  session: 5,
  filter: {
    ...EMPTY_FILTER,
    text: 'a&b=c',
    kinds: ['hole', ''],
    verdicts: ['reject', 'none'],
    groundTruths: ['masked'],
    annotated: false,
    low: 0.25,
    high: 2,
    train: true,
  },
  order: { by: 'score', descending: true },
};

describe('a place in the address', () => {
  it('is found again as it was', () => {
    expect(parseRoute(formatRoute(place))).toEqual(place);
  });

  it('says no more than it has to', () => {
    expect(formatRoute({ screen: 'library', filter: EMPTY_FILTER, order: DEFAULT_ORDER })).toBe('#/library');
  });

  it('leaves open what an address does not name, or names wrongly', () => {
    const open = parseRoute('#/library?dataset=x&verdict=perhaps&sort=luck&low=');
    expect(open).toMatchObject({ screen: 'library', filter: EMPTY_FILTER, order: DEFAULT_ORDER });
    expect(open.dataset).toBeUndefined();
    expect(parseRoute('nonsense')).toMatchObject({ screen: '', filter: EMPTY_FILTER });
  });

  it('takes a step between screens and methods, not from image to image', () => {
    expect(isHistoryEntry(place, { ...place, image: 18 })).toBe(false);
    expect(isHistoryEntry(place, { ...place, filter: EMPTY_FILTER })).toBe(false);
    expect(isHistoryEntry(place, { ...place, screen: 'runs' })).toBe(true);
    expect(isHistoryEntry(place, { ...place, method: 1 })).toBe(true);
  });
});
