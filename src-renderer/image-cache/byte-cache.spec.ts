import { describe, expect, it } from 'vitest';
import { ByteCache } from './byte-cache.ts';

const [a, b, c] = [{ name: 'a' }, { name: 'b' }, { name: 'c' }];

describe('ByteCache', () => {
  it('disposes of the least recently used value when the budget is exceeded', () => {
    const disposed: object[] = [];
    const cache = new ByteCache<object>(10, (value) => disposed.push(value));
    cache.set('a', a, 4);
    cache.set('b', b, 4);
    expect(cache.get('a')).toBe(a);
    cache.set('c', c, 4);
    expect(disposed).toEqual([b]);
    expect(cache.get('b')).toBeUndefined();
    expect(cache.bytes).toBe(8);
  });

  it('stores a value above the budget alone', () => {
    const cache = new ByteCache<object>(10);
    cache.set('a', a, 4);
    cache.set('b', b, 100);
    expect(cache.get('b')).toBe(b);
    expect(cache.get('a')).toBeUndefined();
    cache.set('c', c, 4);
    expect(cache.get('b')).toBeUndefined();
  });

  it('counts a replaced value once, and does not dispose of a value that is set again', () => {
    const disposed: object[] = [];
    const cache = new ByteCache<object>(10, (value) => disposed.push(value));
    cache.set('a', a, 4);
    cache.set('a', a, 6);
    expect([cache.bytes, disposed]).toEqual([6, []]);
    cache.set('a', b, 2);
    expect([cache.bytes, disposed]).toEqual([2, [a]]);
  });

  it('accepts values without a size', () => {
    const cache = new ByteCache<object>(10);
    cache.set('a', a, 0);
    expect(cache.get('a')).toBe(a);
  });
});
