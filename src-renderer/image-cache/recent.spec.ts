import { describe, expect, it } from 'vitest';
import { Recent } from './recent.ts';

describe('what is kept', () => {
  it('drops the least recently used beyond its budget, and says so', () => {
    const released: string[] = [];
    const kept = new Recent<string>(10, (value) => released.push(value));
    kept.put('a', 'A', 4);
    kept.put('b', 'B', 4);
    expect(kept.get('a')).toBe('A');
    kept.put('c', 'C', 4);
    expect(released).toEqual(['B']);
    expect(kept.get('b')).toBeUndefined();
    expect(kept.bytes).toBe(8);
  });

  it('keeps what was just put, however large', () => {
    const kept = new Recent<string>(10);
    kept.put('a', 'A', 4);
    kept.put('huge', 'H', 100);
    expect(kept.get('huge')).toBe('H');
    expect(kept.get('a')).toBeUndefined();
  });

  it('counts what is put again once', () => {
    const kept = new Recent<string>(10);
    kept.put('a', 'A', 4);
    kept.put('a', 'A2', 6);
    expect(kept.bytes).toBe(6);
  });
});
