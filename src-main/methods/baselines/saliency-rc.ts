import { pause } from '../yield-and-check.ts';
import type { Baseline } from './baseline.ts';
import { labPlanes } from './cielab.ts';
import { colourDistance, quantise, type QuantisedColours } from './color-quantization.ts';
import { type Segmentation, segment } from './segmentation.ts';
import { workingImage } from './shrink-image.ts';

/** The published constants are for images of 400 x 300 and so; larger ones are shrunk to at most about this. */
const MAX_PIXELS = 400 * 400;
/** Of the segmentation; left open by the text. These are of the program that the paper measured. */
const SEGMENTATION = { sigma: 0.5, scale: 200, minSize: 50 };
/** How far in the image (whose sides are 1) a contrast reaches. */
const SIGMA_S_SQUARED = 0.4;
/** How much less regions count that lie away from the centre. */
const CENTRE_WEIGHT = 9;

/**
 * Region contrast, RC (Cheng, Mitra, Huang, Torr, Hu: Global Contrast Based Salient Region Detection, 2015, 3.3): the
 * saliency of a region is its colour difference to all others, near and large ones first, with a preference for the centre.
 * The score is a distance in L*a*b*.
 *
 * The published program further sets regions at the border to 0 and smooths by colour, which serves cutting out
 * one object; both are left out here.
 */
export const saliencyRc: Baseline = {
  name: 'saliency-rc',
  title: 'Saliency-RC: regions whose colors differ from the rest (Cheng et al.)',
  estimate({ height, width }) {
    const working = Math.min(height * width, MAX_PIXELS);
    return { bytes: working * 200, seconds: working * 1.2e-6 };
  },
  async map(given, execution) {
    const { image, factor } = workingImage(given, MAX_PIXELS);
    const { height, width } = image;
    await pause(execution, 0);
    const segmentation = segment({ values: labPlanes(image), height, width }, SEGMENTATION);
    await pause(execution, 0.5);
    const regions = describeRegions(segmentation, quantise(image), height, width);
    await pause(execution, 0.7);
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
  /** Part of the image's pixels. */
  weight: number;
  /** Mean position; the image spans 0..1 on both axes. */
  x: number;
  y: number;
  /** Mean distance of its pixels to the centre of the image. */
  fromCentre: number;
  /** Its colours and the part of its pixels that each has. */
  colours: { index: number; part: number }[];
  /** For each colour of the image, the mean distance to the colours of this region. */
  distances: Float64Array;
}

function describeRegions(
  { labels, count }: Segmentation,
  { index, colours }: QuantisedColours,
  height: number,
  width: number,
): DescribedRegion[] {
  const sizes = new Float64Array(count);
  const sums = { x: new Float64Array(count), y: new Float64Array(count), centre: new Float64Array(count) };
  const histograms = Array.from({ length: count }, () => new Map<number, number>());
  labels.forEach((label, pixel) => {
    const x = ((pixel % width) + 0.5) / width;
    const y = (Math.floor(pixel / width) + 0.5) / height;
    sizes[label]++;
    sums.x[label] += x;
    sums.y[label] += y;
    sums.centre[label] += Math.hypot(x - 0.5, y - 0.5);
    histograms[label].set(index[pixel], (histograms[label].get(index[pixel]) ?? 0) + 1);
  });
  const table = colours.map((a) => Float64Array.from(colours, (b) => colourDistance(a, b)));
  return histograms.map((histogram, label) => {
    const size = sizes[label];
    const own = [...histogram].map(([colour, pixels]) => ({ index: colour, part: pixels / size }));
    const distances = new Float64Array(colours.length);
    for (const { index: colour, part } of own) {
      for (let other = 0; other < distances.length; other++) distances[other] += part * table[colour][other];
    }
    return {
      weight: size / labels.length,
      x: sums.x[label] / size,
      y: sums.y[label] / size,
      fromCentre: sums.centre[label] / size,
      colours: own,
      distances,
    };
  });
}

/** The saliency of each region (Cheng et al., eq. 5 to 7 of 2015). */
function regionContrast(regions: readonly DescribedRegion[]): number[] {
  return regions.map((region) => {
    let contrast = 0;
    for (const other of regions) {
      if (other === region) continue;
      const apart = Math.hypot(region.x - other.x, region.y - other.y);
      let colourContrast = 0;
      for (const { index, part } of region.colours) colourContrast += part * other.distances[index];
      contrast += Math.exp(-apart / SIGMA_S_SQUARED) * other.weight * colourContrast;
    }
    return Math.exp(-CENTRE_WEIGHT * region.fromCentre ** 2) * contrast;
  });
}
