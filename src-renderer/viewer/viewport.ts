export interface Size {
  width: number;
  height: number;
}

export interface Point {
  x: number;
  y: number;
}

/** The visible part of an image: the image position at the center of the pane, and CSS pixels per image pixel. */
export interface View extends Point {
  scale: number;
}

/** Largest scale in CSS pixels per image pixel. */
const MAX_SCALE = 64;

/** The scale at which the whole image fits the pane. */
export function fitScale(image: Size, pane: Size): number {
  return Math.min(pane.width / image.width, pane.height / image.height, MAX_SCALE);
}

export function fitView(image: Size, pane: Size): View {
  return { x: image.width / 2, y: image.height / 2, scale: fitScale(image, pane) };
}

/** The pane position of an image position. */
export function toPane(position: Point, view: View, pane: Size): Point {
  return {
    x: (position.x - view.x) * view.scale + pane.width / 2,
    y: (position.y - view.y) * view.scale + pane.height / 2,
  };
}

/** The image position at a point of the pane. */
export function toImage(point: Point, view: View, pane: Size): Point {
  return {
    x: (point.x - pane.width / 2) / view.scale + view.x,
    y: (point.y - pane.height / 2) / view.scale + view.y,
  };
}

/** The view at another scale that keeps the image position at `fixed`, a point of the pane. */
export function zoomAt(view: View, scale: number, fixed: Point, pane: Size): View {
  const held = toImage(fixed, view, pane);
  return {
    x: held.x - (fixed.x - pane.width / 2) / scale,
    y: held.y - (fixed.y - pane.height / 2) / scale,
    scale,
  };
}

/** The view after a drag by (`dx`, `dy`) CSS pixels. */
export function panBy(view: View, dx: number, dy: number): View {
  return { ...view, x: view.x - dx / view.scale, y: view.y - dy / view.scale };
}

/**
 * The nearest valid view: no smaller than the fitted image or its actual size (`actual`: the scale of one device pixel per
 * image pixel), without empty space inside the pane, and centered along an axis on which the image fits.
 */
export function clampView(view: View, image: Size, pane: Size, actual: number): View {
  const smallest = Math.min(fitScale(image, pane), actual);
  const scale = Math.min(Math.max(view.scale, smallest), MAX_SCALE);
  const clampAxis = (center: number, length: number, room: number) => {
    const half = room / scale / 2;
    return half * 2 >= length ? length / 2 : Math.min(Math.max(center, half), length - half);
  };
  return {
    x: clampAxis(view.x, image.width, pane.width),
    y: clampAxis(view.y, image.height, pane.height),
    scale,
  };
}

/** The part of the image that the pane shows, in image pixels. */
export function visiblePart(view: View, image: Size, pane: Size): Point & Size {
  const from = toImage({ x: 0, y: 0 }, view, pane);
  const to = toImage({ x: pane.width, y: pane.height }, view, pane);
  const x = Math.max(0, from.x);
  const y = Math.max(0, from.y);
  return { x, y, width: Math.min(image.width, to.x) - x, height: Math.min(image.height, to.y) - y };
}

/** Largest mini-map, and the side of a strip's mini-map: a share of the pane along it, and a least thickness across. */
const MINI_MAP = { width: 128, height: 96 };
const STRIP_SHARE = 0.6;
const MAX_STRIP = 480;
const MIN_THICKNESS = 16;

/** The size of the mini-map in CSS pixels. A long strip's mini-map is longer than others, and thicker than the strip. */
export function miniMapSize(image: Size, pane: Size): Size {
  const long = (share: number, least: number) => Math.min(Math.max(STRIP_SHARE * share, least), MAX_STRIP);
  const room =
    image.height > 4 * image.width
      ? { ...MINI_MAP, height: long(pane.height, MINI_MAP.height) }
      : image.width > 4 * image.height
        ? { ...MINI_MAP, width: long(pane.width, MINI_MAP.width) }
        : MINI_MAP;
  const scale = fitScale(image, room);
  const thickness = (length: number) => Math.max(length * scale, Math.min(MIN_THICKNESS, length));
  return { width: thickness(image.width), height: thickness(image.height) };
}

/** Columns and rows of panes. */
export interface PaneGrid {
  columns: number;
  rows: number;
}

/**
 * The grid of panes that shows the image largest. Up to four panes fill the grid; more may leave the last row
 * incomplete.
 *
 * @param area size for all panes, in CSS pixels
 * @param gap width between columns, and height of a pane's heading
 */
export function paneGrid(panes: number, area: Size, image: Size, gap: Size): PaneGrid {
  const choices = Array.from({ length: panes }, (_, left) => panes - left)
    .map((columns) => ({ columns, rows: Math.ceil(panes / columns) }))
    .filter(({ columns, rows }) => columns * rows === panes || (panes > 4 && columns * (rows - 1) < panes));
  const scaleOf = ({ columns, rows }: PaneGrid) =>
    fitScale(image, {
      width: (area.width - gap.width * (columns - 1)) / columns,
      height: area.height / rows - gap.height,
    });
  // Prefers one row unless another grid is clearly better, so that panes do not move for a small gain.
  return choices.reduce((best, choice) => (scaleOf(choice) > 1.08 * scaleOf(best) ? choice : best));
}
