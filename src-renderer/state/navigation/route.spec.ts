import { describe, expect, it } from 'vitest';
import { everything } from '../images/image-filter.ts';
import { byName } from '../images/image-order.ts';
import { formatPlace, isStep, parsePlace, type Place } from './route.ts';

const place: Place = {
  screen: 'inspect',
  dataset: 3,
  textureClass: 'leather / brown',
  method: 2,
  image: 17,
  session: 5,
  filter: {
    ...everything,
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
    expect(parsePlace(formatPlace(place))).toEqual(place);
  });

  it('says no more than it has to', () => {
    expect(formatPlace({ screen: 'library', filter: everything, order: byName })).toBe('#/library');
  });

  it('leaves open what an address does not name, or names wrongly', () => {
    const open = parsePlace('#/library?dataset=x&verdict=perhaps&sort=luck&low=');
    expect(open).toMatchObject({ screen: 'library', filter: everything, order: byName });
    expect(open.dataset).toBeUndefined();
    expect(parsePlace('nonsense')).toMatchObject({ screen: '', filter: everything });
  });

  it('takes a step between screens and methods, not from image to image', () => {
    expect(isStep(place, { ...place, image: 18 })).toBe(false);
    expect(isStep(place, { ...place, filter: everything })).toBe(false);
    expect(isStep(place, { ...place, screen: 'runs' })).toBe(true);
    expect(isStep(place, { ...place, method: 1 })).toBe(true);
  });
});
