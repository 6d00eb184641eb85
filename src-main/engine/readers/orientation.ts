import type { Crop, Size } from '../../common/geometry.ts';
import type { PixelSize } from '../../common/scale.ts';
import type { PixelBlock } from './pixel-source.ts';

/** Whether an EXIF orientation exchanges width and height. */
const isTurned = (orientation: number) => orientation >= 5;

/** The size of an image after an EXIF orientation is applied; the same function undoes it. */
export function orientedSize({ width, height }: Size, orientation: number): Size {
  return isTurned(orientation) ? { width: height, height: width } : { width, height };
}

/** The resolution of an image after an EXIF orientation is applied. */
export function orientedResolution({ x, y }: PixelSize, orientation: number): PixelSize {
  return isTurned(orientation) ? { x: y, y: x } : { x, y };
}

/** The rectangle of a stored image that becomes `rectangle` of the oriented image. */
export function storedRectangle(rectangle: Crop, oriented: Size, orientation: number): Crop {
  const { left, top, width, height } = rectangle;
  const right = oriented.width - left - width;
  const bottom = oriented.height - top - height;
  const [x, y] = {
    1: [left, top],
    2: [right, top],
    3: [right, bottom],
    4: [left, bottom],
    5: [top, left],
    6: [top, right],
    7: [bottom, right],
    8: [bottom, left],
  }[orientation] ?? [left, top];
  return { left: x, top: y, ...orientedSize(rectangle, orientation) };
}

/** Applies an EXIF orientation to samples. */
export function orientBlock(block: PixelBlock, orientation: number): PixelBlock {
  if (orientation <= 1) return block;
  const { data, width: storedWidth, height: storedHeight, channels } = block;
  const { width, height } = orientedSize(block, orientation);
  const turned = data instanceof Uint16Array ? new Uint16Array(data.length) : new Uint8Array(data.length);
  // Offsets in the stored block: of the first pixel, and of one step to the right and down in the oriented one.
  const [lastX, lastY] = [storedWidth - 1, storedHeight - 1];
  const [x, y, right, down] = {
    2: [lastX, 0, -1, storedWidth],
    3: [lastX, lastY, -1, -storedWidth],
    4: [0, lastY, 1, -storedWidth],
    5: [0, 0, storedWidth, 1],
    6: [0, lastY, -storedWidth, 1],
    7: [lastX, lastY, -storedWidth, -1],
    8: [lastX, 0, storedWidth, -1],
  }[orientation] ?? [0, 0, 1, storedWidth];
  let to = 0;
  for (let row = 0; row < height; row++) {
    let from = channels * (y * storedWidth + x + row * down);
    for (let column = 0; column < width; column++, from += channels * right)
      for (let channel = 0; channel < channels; channel++) turned[to++] = data[from + channel];
  }
  return { data: turned, width, height, channels };
}
