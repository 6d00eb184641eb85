import { afterEach, describe, expect, it, vi } from 'vitest';
import { inWords, tellLongOnes } from './slow-warning.ts';

describe('what a computation will take', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('is told in two digits', () => {
    expect(inWords({ seconds: 12.4, bytes: 343e6 })).toBe('about 12 s, 340 MB');
    expect(inWords({ seconds: 400, bytes: 5e6 })).toBe('about 6.7 min, 5 MB');
  });

  it('is told once, and only where it is long', () => {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const tell = tellLongOnes();
    tell({ stage: 'statistic', fraction: 0, estimate: { seconds: 1, bytes: 1e6 } });
    tell({ stage: 'statistic', fraction: 0.5 });
    expect(write).not.toHaveBeenCalled();
    for (let image = 0; image < 2; image++) {
      tell({ stage: 'statistic', fraction: 0, estimate: { seconds: 20, bytes: 1e6 } });
    }
    expect(write).toHaveBeenCalledExactlyOnceWith('perch: comparing patches takes about 20 s, 1 MB\n');
  });
});
