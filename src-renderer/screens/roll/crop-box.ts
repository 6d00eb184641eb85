import type { Point, Size } from '../../viewer/viewport.ts';

/** The smallest side of a picture of a defect, in image pixels. */
const MIN_SIDE = 64;
/** Side of a picture as a multiple of the defect's longer side. */
const MARGIN = 1.6;

/** The square around a defect that its picture shows, moved inside the image; smaller only if the image is. */
export function cropBox(
  box: { left: number; top: number; width: number; height: number },
  image: Size,
): Point & Size {
  const side = Math.max(MIN_SIDE, Math.ceil(MARGIN * Math.max(box.width, box.height)));
  const [width, height] = [Math.min(side, image.width), Math.min(side, image.height)];
  const place = (center: number, length: number, room: number) =>
    Math.round(Math.min(Math.max(center - length / 2, 0), room - length));
  return {
    x: place(box.left + box.width / 2, width, image.width),
    y: place(box.top + box.height / 2, height, image.height),
    width,
    height,
  };
}
