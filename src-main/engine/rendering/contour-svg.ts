/** The style of a contour. Dashes distinguish contours for people who do not see the colors. */
interface ContourStyle {
  color: string;
  dashed: boolean;
}

export const PREDICTION_STYLE: ContourStyle = { color: '#ffe14d', dashed: true };
/** Regions that do not count by a recipe's limits. */
export const IGNORED_STYLE: ContourStyle = { color: '#b8b8b8', dashed: true };
export const GROUND_TRUTH_STYLE: ContourStyle = { color: '#4de3ff', dashed: false };

interface Size {
  width: number;
  height: number;
}

type Point = readonly [x: number, y: number];

/** A tile of a contour, to be composited over an image. */
export interface OverlayTile {
  /** SVG. */
  input: Buffer;
  left: number;
  top: number;
}

/** Side of a tile in pixels. sharp renders an SVG again for every region of the image, so a single large SVG takes minutes on a strip. */
const TILE = 1024;

/** Width of the halo relative to the line. */
const HALO = 2.4;

/**
 * Draws contours as a line of 1.5 to 3 pixels with a dark halo, which is visible on any texture.
 *
 * @param rings closed lines in image coordinates
 * @param image size of the image in pixels
 * @param shown size in pixels at which the image is displayed
 */
export function contourSvg(
  rings: readonly (readonly Point[])[],
  image: Size,
  { color, dashed }: ContourStyle,
  shown: Size = image,
): OverlayTile[] {
  const width = Math.min(3, Math.max(1.5, Math.max(shown.width, shown.height) / 600));
  const tiles = new TiledLines(shown, HALO * width);
  const x = shown.width / image.width;
  const y = shown.height / image.height;
  for (const ring of rings) tiles.add(ring.map((point) => [point[0] * x, point[1] * y]));
  const dashes = dashed ? [4 * width, 2.5 * width] : [];
  return tiles.drawn(({ path, lines }) => {
    const draw = (d: string, stroke: string, thickness: number, attributes = '') =>
      `<path d="${d}" fill="none" stroke="${stroke}" stroke-width="${thickness}" stroke-linejoin="round" ${attributes}/>`;
    const halo = draw(path, '#000000b0', HALO * width);
    if (!dashed) return halo + draw(path, color, width);
    // The offset continues the dashes across tiles.
    const dash = (offset: number) =>
      `stroke-dasharray="${dashes.join(' ')}" stroke-dashoffset="${offset.toFixed(1)}"`;
    return halo + lines.map(({ d, offset }) => draw(d, color, width, dash(offset))).join('');
  });
}

/** The part of a ring inside a tile. */
interface TileLine {
  d: string;
  /** Length of the ring before this part. */
  offset: number;
}

interface DrawnTile {
  /** All lines as one path. */
  path: string;
  /** The lines, with those that share a dash offset merged. */
  lines: TileLine[];
}

/** Distributes lines to tiles. A line belongs to every tile within reach. */
class TiledLines {
  readonly #size: Size;
  readonly #reach: number;
  readonly #tiles = new Map<string, { left: number; top: number; lines: TileLine[] }>();

  /** @param reach visible width of a line on each side of its center, in pixels */
  constructor(size: Size, reach: number) {
    this.#size = size;
    this.#reach = reach;
  }

  add(ring: readonly Point[]): void {
    /** Index of the last point of each tile's open line. */
    const open = new Map<string, number>();
    let length = 0;
    for (let at = 1; at < ring.length; at++) {
      const [from, to] = [ring[at - 1], ring[at]];
      for (const [key, tile] of this.#near(from, to)) {
        const last = tile.lines.at(-1);
        if (last && open.get(key) === at - 1) last.d += `L${text(to)}`;
        else tile.lines.push({ d: `M${text(from)}L${text(to)}`, offset: length });
        open.set(key, at);
      }
      length += Math.hypot(to[0] - from[0], to[1] - from[1]);
    }
  }

  *#near(a: Point, b: Point): Generator<[string, { left: number; top: number; lines: TileLine[] }]> {
    const range = (axis: 0 | 1, side: number) => {
      const low = Math.min(a[axis], b[axis]) - this.#reach;
      const high = Math.max(a[axis], b[axis]) + this.#reach;
      return [
        Math.max(0, Math.floor(low / TILE)),
        Math.min(Math.ceil(side / TILE) - 1, Math.floor(high / TILE)),
      ];
    };
    const [firstColumn, lastColumn] = range(0, this.#size.width);
    const [firstRow, lastRow] = range(1, this.#size.height);
    for (let row = firstRow; row <= lastRow; row++) {
      for (let column = firstColumn; column <= lastColumn; column++) {
        const key = `${column} ${row}`;
        const tile = this.#tiles.get(key) ?? { left: column * TILE, top: row * TILE, lines: [] };
        this.#tiles.set(key, tile);
        yield [key, tile];
      }
    }
  }

  drawn(draw: (tile: DrawnTile) => string): OverlayTile[] {
    return [...this.#tiles.values()].map(({ left, top, lines }) => {
      const width = Math.min(TILE, this.#size.width - left);
      const height = Math.min(TILE, this.#size.height - top);
      const whole = lines.filter(({ offset }) => offset === 0);
      const parts = lines.filter(({ offset }) => offset > 0);
      // Each subpath restarts its dashes, so all parts with offset 0 can share a path.
      const merged = whole.length === 0 ? parts : [{ d: pathOf(whole), offset: 0 }, ...parts];
      const svg =
        `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${left} ${top} ${width} ${height}">` +
        `${draw({ path: pathOf(lines), lines: merged })}</svg>`;
      return { input: Buffer.from(svg), left, top };
    });
  }
}

function pathOf(lines: readonly TileLine[]): string {
  return lines.map(({ d }) => d).join('');
}

function text([x, y]: Point): string {
  return `${Math.round(x * 100) / 100} ${Math.round(y * 100) / 100}`;
}
