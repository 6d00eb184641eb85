import { describe, expect, it } from 'vitest';
import { countedDefects } from '../api/grading.ts';
import { whyNotCounted } from './counts.ts';
import { fakeDefect } from './grading.fake.ts';

const roll = { length: 10_000, width: 1000 };
const why = (counts: object, defect: Parameters<typeof fakeDefect>[0] = {}) =>
  whyNotCounted(countedDefects.parse(counts), fakeDefect(defect), roll);

describe('which defects count', () => {
  it('is by verdict', () => {
    expect(why({})).toBeNull();
    expect(why({}, { verdict: 'reject' })).toBeNull();
    expect(why({}, { verdict: 'accept' })).toBe('Not counted: the verdict is accept.');
    expect(why({ verdicts: ['reject'] })).toBe('Not counted: no verdict.');
  });

  it('is by kind, in any case', () => {
    expect(why({ onlyKinds: ['hole'] }, { kind: 'Hole' })).toBeNull();
    expect(why({ onlyKinds: ['hole', 'tear'] }, { kind: 'slub' })).toBe(
      'Not counted: only hole, tear count.',
    );
    expect(why({ exceptKinds: ['Slub'] }, { kind: 'slub' })).toBe('Not counted: slub does not count.');
    expect(why({ exceptKinds: ['slub'] })).toBeNull();
  });

  it('is by least size, which counts itself', () => {
    expect(why({ leastLength: '2 mm' }, { to: 2 })).toBeNull();
    expect(why({ leastLength: '2 mm' }, { right: 502 })).toBeNull();
    expect(why({ leastLength: '2 mm' }, { to: 1.9 })).toBe('Not counted: shorter than 2 mm.');
    expect(why({ leastArea: '2 mm2' }, { area: 2 })).toBeNull();
    expect(why({ leastArea: '2 mm2' }, { area: 1.9 })).toBe('Not counted: smaller than 2 mm².');
  });

  it('is by the distance from both edges', () => {
    const edge = { edge: '1 in' };
    expect(why(edge, { left: 0, right: 25.4 })).toBe('Not counted: within 1 in of the edge.');
    expect(why(edge, { left: 0, right: 25.5 })).toBeNull();
    expect(why(edge, { left: 1000 - 25.4, right: 1000 })).toBe('Not counted: within 1 in of the edge.');
    expect(why(edge, { left: 974, right: 1000 })).toBeNull();
  });
});
