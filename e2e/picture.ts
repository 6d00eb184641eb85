import type { Locator } from 'playwright-core';
import sharp from 'sharp';

/** What is seen of an element, pixel by pixel. */
export interface Picture {
  width: number;
  height: number;
  at(x: number, y: number): Colour;
  /** How many pixels meet a condition. */
  count(condition: (colour: Colour) => boolean): number;
}

export type Colour = readonly [red: number, green: number, blue: number];

export async function pictureOf(element: Locator): Promise<Picture> {
  const { data, info } = await sharp(await element.screenshot())
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number): Colour => {
    const start = 3 * (Math.round(y) * info.width + Math.round(x));
    return [data[start], data[start + 1], data[start + 2]];
  };
  const count: Picture['count'] = (condition) => {
    let met = 0;
    for (let start = 0; start < data.length; start += 3) {
      if (condition([data[start], data[start + 1], data[start + 2]])) met++;
    }
    return met;
  };
  return { width: info.width, height: info.height, at, count };
}

/** The colour of the contour of what reaches the threshold. */
export const isContour = ([red, green, blue]: Colour): boolean => red > 200 && green > 160 && blue < 90;

/** From orange to pale yellow: the high end of a heatmap in magma. */
export const isHot = ([red, green, blue]: Colour): boolean => red > 235 && green > 85 && blue < 200;

/** The colour of the outline of the ground truth. */
export const isTruth = ([red, green, blue]: Colour): boolean => red < 90 && green > 160 && blue > 180;
