import { describe, expect, it } from 'vitest';
import { missingPaths, speedUps } from './paths.ts';

const measured = (name: string, median: number) => ({ name, median, minimum: median, runs: 1 });

describe('code paths of the bench', () => {
  it('compares the statistic with portable C++ and the definition', () => {
    const measurements = [
      measured('statistic, avx2', 0.125),
      measured('statistic, portable', 0.25),
      measured('statistic, fallback (2 channels, scaled)', 80),
      measured('large patches, fca', 1),
    ];
    expect(speedUps(measurements)).toEqual([
      ['avx2', '2.00 x', '640 x'],
      ['portable', '1.00 x', '320 x'],
      ['fallback (2 channels, scaled)', '0.00313 x', '1.00 x'],
    ]);
  });

  it('compares with the definition alone if the native module was not built', () => {
    const measurements = [measured('statistic, wasm', 0.25), measured('statistic, fallback', 50)];
    expect(speedUps(measurements)[0]).toEqual(['wasm', '-', '200 x']);
  });

  it('names what the machine lacks', () => {
    const absent = { usable: false, reason: 'There is no NVIDIA driver.' };
    expect(missingPaths(['avx2', 'portable'], absent)).toEqual([
      expect.stringContaining('AVX-512'),
      expect.stringContaining('NEON'),
      expect.stringMatching(/CUDA.*not run on a GPU\. There is no NVIDIA driver$/),
    ]);
    expect(missingPaths(['wasm'], { usable: true })).toEqual([
      expect.stringContaining('native module was not built'),
    ]);
  });
});
