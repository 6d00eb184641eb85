export interface Size {
  width: number;
  height: number;
}

export interface Point {
  x: number;
  y: number;
}

/** What part of an image a pane shows: the image position at the pane's center, and CSS pixels per image pixel. */
export interface View extends Point {
  scale: number;
}

/** Largest enlargement, in CSS pixels per image pixel. */
const LARGEST_SCALE = 64;

/** The scale at which the whole image just fits the pane. */
export function fitScale(image: Size, pane: Size): number {
  return Math.min(pane.width / image.width, pane.height / image.height, LARGEST_SCALE);
}

export function fitView(image: Size, pane: Size): View {
  return { x: image.width / 2, y: image.height / 2, scale: fitScale(image, pane) };
}

/** Where an image position lies in the pane. */
export function toPane(position: Point, view: View, pane: Size): Point {
  return {
    x: (position.x - view.x) * view.scale + pane.width / 2,
    y: (position.y - view.y) * view.scale + pane.height / 2,
  };
}

/** Which image position lies at a point of the pane. */
export function toImage(point: Point, view: View, pane: Size): Point {
  return {
    x: (point.x - pane.width / 2) / view.scale + view.x,
    y: (point.y - pane.height / 2) / view.scale + view.y,
  };
}

/** The view at another scale in which the image position at `fixed`, a point of the pane, stays where it is. */
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
 * The nearest view that shows no needless emptiness: never smaller than the whole image (or, for images smaller than the
 * pane, than `actual`, the scale of one device pixel per image pixel), edges never inside the pane, centered where it fits.
 */
export function clampView(view: View, image: Size, pane: Size, actual: number): View {
  const smallest = Math.min(fitScale(image, pane), actual);
  const scale = Math.min(Math.max(view.scale, smallest), LARGEST_SCALE);
  const along = (center: number, length: number, room: number) => {
    const half = room / scale / 2;
    return half * 2 >= length ? length / 2 : Math.min(Math.max(center, half), length - half);
  };
  return {
    x: along(view.x, image.width, pane.width),
    y: along(view.y, image.height, pane.height),
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

/** Columns and rows that panes stand in. */
export interface Arrangement {
  columns: number;
  rows: number;
}

/**
 * How panes stand: in one row, one column, or between, whichever shows the image larger. Up to four panes fill their grid;
 * more may leave places of the last row empty.
 *
 * @param area that all panes share, in CSS pixels
 * @param gap width between columns, and height of a pane's heading
 */
export function paneGrid(panes: number, area: Size, image: Size, gap: Size): Arrangement {
  const choices = Array.from({ length: panes }, (_, left) => panes - left)
    .map((columns) => ({ columns, rows: Math.ceil(panes / columns) }))
    .filter(({ columns, rows }) => columns * rows === panes || (panes > 4 && columns * (rows - 1) < panes));
  const scaleIn = ({ columns, rows }: Arrangement) =>
    fitScale(image, {
      width: (area.width - gap.width * (columns - 1)) / columns,
      height: area.height / rows - gap.height,
    });
  // Another than the row must be clearly better: panes that swap places for little are harder to read than smaller ones.
  return choices.reduce((best, choice) => (scaleIn(choice) > 1.08 * scaleIn(best) ? choice : best));
}
