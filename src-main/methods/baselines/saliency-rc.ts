import { yieldAndCheck } from '../yield-and-check.ts';
import type { Baseline } from './baseline.ts';
import { labDistance, labPlanes } from './cielab.ts';
import { quantizeColors, type QuantizedColors } from './color-quantization.ts';
import { type Segmentation, segment } from './segmentation.ts';
import { shrinkImage } from './shrink-image.ts';

/**
 * The published constants are for images of about 400 x 300. Larger images are scaled down to about this
 * size.
 */
const MAX_PIXELS = 400 * 400;
/**
 * Parameters of the segmentation, which the paper does not state. They are those of the program that the
 * paper measured.
 */
const SEGMENTATION = { sigma: 0.5, scale: 200, minSize: 50 };
/** Reach of a contrast in an image whose sides have length 1. */
const SIGMA_S_SQUARED = 0.4;
/** How fast a region's weight falls with its distance from the center. */
const CENTER_WEIGHT = 9;

/**
 * Region contrast, RC (Cheng, Mitra, Huang, Torr, Hu: Global Contrast Based Salient Region Detection, 2015, section 3.3). The
 * saliency of a region is its color difference to all other regions, weighted by their proximity and size, with a preference
 * for the center. The score is a distance in L*a*b*.
 *
 * The published program also sets regions at the border to 0 and smooths by color, which helps to cut out a single object.
 * Perch omits both.
 */
export const saliencyRc: Baseline = {
  name: 'saliency-rc',
  title: 'Saliency-RC: regions whose colors differ from the rest (Cheng et al.)',
  cost({ height, width }) {
    const pixels = Math.min(height * width, MAX_PIXELS);
    return { bytes: pixels * 200, seconds: pixels * 1.2e-6 };
  },
  async map(original, execution) {
    const { image, factor } = shrinkImage(original, MAX_PIXELS);
    const { height, width } = image;
    await yieldAndCheck(execution, 0);
    const segmentation = segment({ values: labPlanes(image), height, width }, SEGMENTATION);
    await yieldAndCheck(execution, 0.5);
    const regions = describeRegions(segmentation, quantizeColors(image), height, width);
    await yieldAndCheck(execution, 0.7);
    const saliency = regionContrast(regions);
    const values = Float32Array.from(segmentation.labels, (label) => saliency[label]);
    return {
      map: { values, height, width },
      extentHeight: height * factor,
      extentWidth: width * factor,
    };
  },
};

interface DescribedRegion {
  /** Fraction of the image's pixels. */
  weight: number;
  /** Mean position; the image spans 0..1 on both axes. */
  x: number;
  y: number;
  /** Mean distance of its pixels to the center of the image. */
  centerDistance: number;
  /** Its colors, with the fraction of its pixels in each. */
  colors: { index: number; fraction: number }[];
  /** For each palette color, the mean distance to this region's colors. */
  distances: Float64Array;
}

function describeRegions(
  { labels, count }: Segmentation,
  { index, palette }: QuantizedColors,
  height: number,
  width: number,
): DescribedRegion[] {
  const sizes = new Float64Array(count);
  const sums = { x: new Float64Array(count), y: new Float64Array(count), center: new Float64Array(count) };
  const histograms = Array.from({ length: count }, () => new Map<number, number>());
  labels.forEach((label, pixel) => {
    const x = ((pixel % width) + 0.5) / width;
    const y = (Math.floor(pixel / width) + 0.5) / height;
    sizes[label]++;
    sums.x[label] += x;
    sums.y[label] += y;
    sums.center[label] += Math.hypot(x - 0.5, y - 0.5);
    histograms[label].set(index[pixel], (histograms[label].get(index[pixel]) ?? 0) + 1);
  });
  const distanceTable = palette.map((a) => Float64Array.from(palette, (b) => labDistance(a, b)));
  return histograms.map((histogram, label) => {
    const size = sizes[label];
    const colors = [...histogram].map(([color, pixels]) => ({ index: color, fraction: pixels / size }));
    const distances = new Float64Array(palette.length);
    for (const { index: color, fraction } of colors) {
      for (let other = 0; other < distances.length; other++) {
        distances[other] += fraction * distanceTable[color][other];
      }
    }
    return {
      weight: size / labels.length,
      x: sums.x[label] / size,
      y: sums.y[label] / size,
      centerDistance: sums.center[label] / size,
      colors,
      distances,
    };
  });
}

/** Each region's saliency (Cheng et al. 2015, eq. 5 to 7). */
function regionContrast(regions: readonly DescribedRegion[]): number[] {
  return regions.map((region) => {
    let contrast = 0;
    for (const other of regions) {
      if (other === region) continue;
      const distance = Math.hypot(region.x - other.x, region.y - other.y);
      let colorContrast = 0;
      for (const { index, fraction } of region.colors) colorContrast += fraction * other.distances[index];
      contrast += Math.exp(-distance / SIGMA_S_SQUARED) * other.weight * colorContrast;
    }
    return Math.exp(-CENTER_WEIGHT * region.centerDistance ** 2) * contrast;
  });
}
