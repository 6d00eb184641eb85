import { afterEach, describe, expect, it, vi } from 'vitest';
import { formatEstimate, warnIfSlow } from './slow-warning.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the warning about a slow computation', () => {
  it('gives time and memory to two digits', () => {
    expect(formatEstimate({ seconds: 12.4, bytes: 343e6 })).toBe('about 12 s, 340 MB');
    expect(formatEstimate({ seconds: 400, bytes: 5e6 })).toBe('about 6.7 min, 5 MB');
  });

  it('is printed once, and only when the estimate is long', () => {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const onProgress = warnIfSlow();
    onProgress({ stage: 'statistic', fraction: 0, estimate: { seconds: 1, bytes: 1e6 } });
    onProgress({ stage: 'statistic', fraction: 0.5 });
    expect(write).not.toHaveBeenCalled();
    for (let image = 0; image < 2; image++)
      onProgress({ stage: 'statistic', fraction: 0, estimate: { seconds: 20, bytes: 1e6 } });
    expect(write).toHaveBeenCalledExactlyOnceWith('perch: comparing patches takes about 20 s, 1 MB\n');
  });
});
