import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classRange, rangeResults } from './class-range.ts';
import { applyColormap, colormaps, colormapColor } from './colormaps.ts';
import { contourPath } from './contour.ts';
import { positionsInside, scoresInside, type PlacedMap } from './placed-map.ts';
import { regionsAbove } from './regions.ts';
import { resizePlane, resizeToImage, scoreAt } from './resize.ts';
import { suggestThreshold } from './suggest-threshold.ts';

const ramp = (height: number, width: number) => ({
  values: Float32Array.from({ length: height * width }, (_, i) => Math.sin(i * 7.3)),
  height,
  width,
});

/** A map of 4 x 6 positions with stride 4 on an image of 21 x 13 pixels, padded to 24 x 16. */
const padded = (): PlacedMap => ({
  map: ramp(4, 6),
  width: 21,
  height: 13,
  extentWidth: 24,
  extentHeight: 16,
});

describe('resizing a plane', () => {
  it('returns the values unchanged if the size does not change', () => {
    const plane = ramp(5, 7);
    expect(resizePlane(plane, plane)).toEqual(plane.values);
  });

  it('uses half-pixel centers and clamps at the edges', () => {
    const plane = { values: Float32Array.of(0, 1), height: 1, width: 2 };
    expect([...resizePlane(plane, { height: 1, width: 4 })]).toEqual([0, 0.25, 0.75, 1]);
  });

  it('stays in the range of the values', () => {
    const side = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(side, side, side, side, (height, width, toHeight, toWidth) => {
        const plane = ramp(height, width);
        const resized = resizePlane(plane, { height: toHeight, width: toWidth });
        expect(Math.max(...resized)).toBeLessThanOrEqual(Math.max(...plane.values) + 1e-6);
        expect(Math.min(...resized)).toBeGreaterThanOrEqual(Math.min(...plane.values) - 1e-6);
      }),
    );
  });

  it('of a padded map returns the top left part of the resized padded map', () => {
    const placed = padded();
    const whole = resizePlane(placed.map, { height: 16, width: 24 });
    const { values } = resizeToImage(placed);
    for (let y = 0; y < 13; y++) {
      for (let x = 0; x < 21; x++) expect(values[y * 21 + x]).toBe(whole[y * 24 + x]);
    }
  });

  it('agrees with the score at single pixels', () => {
    const placed = padded();
    const { values } = resizeToImage(placed);
    for (let y = 0; y < 13; y++) {
      for (let x = 0; x < 21; x++) expect(scoreAt(placed, x, y)).toBeCloseTo(values[y * 21 + x], 5);
    }
  });
});

describe('data read from a map with an inspection region', () => {
  const placed = (): PlacedMap => ({
    map: { values: new Float32Array(64).fill(1), height: 8, width: 8 },
    width: 32,
    height: 32,
    extentWidth: 32,
    extentHeight: 32,
    region: {
      include: [{ type: 'rectangle', left: 8, top: 8, width: 8, height: 12 }],
      exclude: [],
      border: 0,
    },
  });

  it('contains only the regions inside', () => {
    const map = placed();
    map.map.values[0] = 5;
    expect(regionsAbove(map, 1)).toMatchObject([{ area: 96, peak: 1, centroidX: 12, centroidY: 14 }]);
  });

  it('contains the outline through the outermost positions inside', () => {
    const path = contourPath(placed(), 0.5);
    const points = [...path.matchAll(/([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
    expect([Math.min(...points.map(([x]) => x)), Math.max(...points.map(([x]) => x))]).toEqual([10, 14]);
    expect([Math.min(...points.map(([, y]) => y)), Math.max(...points.map(([, y]) => y))]).toEqual([10, 18]);
  });
});

describe('the positions of a padded map', () => {
  it('inside the image exclude the padding', () => {
    expect(positionsInside(padded())).toEqual({ rows: 3, columns: 5 });
    const scores = scoresInside(padded());
    expect(scores.length).toBe(15);
    expect(scores[5]).toBe(padded().map.values[6]);
  });
});

describe('the colormap Reds', () => {
  it('runs from almost white to dark red', () => {
    expect([...colormaps.reds.slice(0, 3)]).toEqual([255, 245, 240]);
    expect([...colormaps.reds.slice(-3)]).toEqual([103, 0, 13]);
  });

  it('clips scores outside the range', () => {
    const range = { low: 1, high: 2 };
    expect(colormapColor(-5, range)).toEqual([255, 245, 240]);
    expect(colormapColor(9, range)).toEqual([103, 0, 13]);
  });

  it('shows an empty range as normal', () => {
    expect([...applyColormap(Float32Array.of(3), { low: 3, high: 3 })]).toEqual([255, 245, 240, 255]);
  });
});

describe('perceptual colormaps', () => {
  it('get lighter from normal to anomalous', () => {
    for (const name of ['viridis', 'magma', 'inferno', 'cividis'] as const) {
      const lightness = Array.from({ length: 256 }, (_, entry) => {
        const [red, green, blue] = colormaps[name].subarray(3 * entry, 3 * entry + 3);
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
      });
      for (let entry = 16; entry < 256; entry += 16) {
        expect(lightness[entry]).toBeGreaterThan(lightness[entry - 16]);
      }
    }
  });

  it('are selected by name', () => {
    expect(colormapColor(0, { low: 0, high: 1 }, 'viridis')).toEqual([68, 1, 84]);
    expect([...applyColormap(Float32Array.of(1), { low: 0, high: 1 }, 'viridis')]).toEqual([
      253, 231, 37, 255,
    ]);
  });
});

describe('the contour at a threshold', () => {
  it('is empty if no score reaches the threshold', () => {
    expect(contourPath(padded(), 5)).toBe('');
  });

  it('encloses a single peak, in image pixels', () => {
    const values = new Float32Array(25);
    values[2 * 5 + 3] = 1;
    const placed = {
      map: { values, height: 5, width: 5 },
      width: 20,
      height: 20,
      extentWidth: 20,
      extentHeight: 20,
    };
    const numbers = [...contourPath(placed, 0.5).matchAll(/(-?[\d.]+) (-?[\d.]+)/g)];
    const xs = numbers.map((match) => Number(match[1]));
    const ys = numbers.map((match) => Number(match[2]));
    expect([Math.min(...xs), Math.max(...xs)]).toEqual([12, 16]);
    expect([Math.min(...ys), Math.max(...ys)]).toEqual([8, 12]);
  });

  it('stays inside the image if the map is padded', () => {
    const placed = { ...padded(), map: { ...ramp(4, 6), values: new Float32Array(24).fill(1) } };
    const xs = [...contourPath(placed, 0.5).matchAll(/(-?[\d.]+) (-?[\d.]+)/g)].map((match) =>
      Number(match[1]),
    );
    expect(Math.max(...xs)).toBe(21);
  });
});

describe('the regions above a threshold', () => {
  it('are 8-connected, measured in image pixels, highest peak first', () => {
    const values = Float32Array.of(5, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 9);
    const placed = {
      map: { values, height: 3, width: 4 },
      width: 16,
      height: 12,
      extentWidth: 16,
      extentHeight: 12,
    };
    expect(regionsAbove(placed, 5)).toEqual([
      {
        area: 16,
        peak: 9,
        peakX: 14,
        peakY: 10,
        centroidX: 14,
        centroidY: 10,
        box: { x: 12, y: 8, width: 4, height: 4 },
      },
      {
        area: 32,
        peak: 6,
        peakX: 6,
        peakY: 6,
        centroidX: 4,
        centroidY: 4,
        box: { x: 0, y: 0, width: 8, height: 8 },
      },
    ]);
  });

  it('are empty if no score reaches the threshold', () => {
    expect(regionsAbove(padded(), 2)).toEqual([]);
  });

  it('include scores equal to the threshold', () => {
    const placed = { ...padded(), map: { ...ramp(4, 6), values: new Float32Array(24).fill(0.5) } };
    expect(regionsAbove(placed, 0.5)).toHaveLength(1);
  });

  it('do not continue across the left and right border', () => {
    const values = Float32Array.of(0, 0, 1, 1, 0, 0);
    const placed = {
      map: { values, height: 2, width: 3 },
      width: 3,
      height: 2,
      extentWidth: 3,
      extentHeight: 2,
    };
    expect(regionsAbove(placed, 1).map(({ peakX, peakY }) => [peakX, peakY])).toEqual([
      [2.5, 0.5],
      [0.5, 1.5],
    ]);
  });

  it('exclude positions in the padding, and touch the border of the image', () => {
    const values = new Float32Array(24);
    // The last column and row of the 4 x 6 map are padding; 3 x 5 positions are inside the image.
    for (const position of [5, 18, 23]) values[position] = 9;
    expect(regionsAbove({ ...padded(), map: { values, height: 4, width: 6 } }, 1)).toEqual([]);
    values[2 * 6 + 4] = 3;
    expect(regionsAbove({ ...padded(), map: { values, height: 4, width: 6 } }, 1)).toEqual([
      {
        area: 16,
        peak: 3,
        peakX: 18,
        peakY: 10,
        centroidX: 18,
        centroidY: 10,
        box: { x: 16, y: 8, width: 4, height: 4 },
      },
    ]);
  });
});

describe('the suggested threshold', () => {
  it('is above the noise and below an outlier', () => {
    const scores = Float32Array.from({ length: 1001 }, (_, i) => Math.sin(i * 12.9898) * 0.5);
    scores[500] = 40;
    const threshold = suggestThreshold(scores);
    expect(threshold).toBeGreaterThan(0.5);
    expect(threshold).toBeLessThan(40);
  });

  it('shifts and scales with the scores', () => {
    const scores = Float32Array.from({ length: 500 }, (_, i) => Math.abs(Math.sin(i * 3.7)));
    const moved = scores.map((score) => 4 * score + 3);
    expect(suggestThreshold(moved)).toBeCloseTo(4 * suggestThreshold(scores) + 3, 4);
  });

  it('of a constant map equals its value', () => {
    expect(suggestThreshold(new Float32Array(10).fill(2))).toBe(2);
  });
});

describe('the range of a class', () => {
  const images = [
    { min: 1, max: 4, threshold: 3 },
    { min: 0.5, max: 9, threshold: 5 },
    { min: 2, max: 3, threshold: 2.5 },
  ];

  it('spans all scores, with the median of the suggested thresholds', () => {
    expect(classRange(images)).toEqual({ range: { low: 0.5, high: 9 }, threshold: 3 });
  });

  it('includes the threshold if no score reaches it, so that normal images stay pale', () => {
    expect(classRange([images[2]], 6)).toEqual({ range: { low: 2, high: 6 }, threshold: 6 });
  });

  it('is that of the test images, if there are any', () => {
    const results = [1, 2, 3].map((image) => ({ image }));
    expect(rangeResults(results, (image) => image > 1)).toEqual([{ image: 2 }, { image: 3 }]);
    expect(rangeResults(results, () => false)).toEqual(results);
  });
});
