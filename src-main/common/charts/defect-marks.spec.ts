import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { markPath, markSize, OTHER_SHAPE, shapesOfKinds, UNNAMED_SHAPE } from './defect-marks.ts';
import type { MarkShape } from './defect-marks.ts';

const shapes: MarkShape[] = [
  'circle',
  'square',
  'triangle',
  'diamond',
  'wedge',
  'cross',
  'plus',
  'star',
  'hexagon',
];
const SIDE = 60;

/** The pixels that a mark of a size in the middle covers. */
async function pixelsOf(shape: MarkShape, size: number): Promise<boolean[]> {
  const path = markPath(shape, size, SIDE / 2, SIDE / 2);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}"><rect width="100%" height="100%" fill="#fff"/><path d="${path}"/></svg>`;
  const data = await sharp(Buffer.from(svg)).greyscale().raw().toBuffer();
  return [...data].map((level) => level < 128);
}

const areaOf = (pixels: readonly boolean[]) => pixels.filter(Boolean).length;

describe('marks of defects', () => {
  it('have shapes by the name of their kind, in any order of the defects', () => {
    const found = shapesOfKinds(['hole', '', 'broken end', 'hole']);
    expect([...found]).toEqual([...shapesOfKinds(['broken end', 'hole'])]);
    expect(found.get('')).toBe(UNNAMED_SHAPE);
    expect(found.get('hole')).not.toBe(found.get('broken end'));
  });

  it('share a shape only where there are more kinds than shapes', () => {
    const kinds = Array.from({ length: 9 }, (_, at) => `kind ${at}`);
    const found = shapesOfKinds(kinds);
    expect(new Set(found.values()).size).toBe(shapes.length);
    expect(kinds.filter((kind) => found.get(kind) === OTHER_SHAPE)).toEqual(['kind 7', 'kind 8']);
  });

  it('grow with points up to 10', () => {
    const sizes = [0, 1, 2, 3, 4, 7, 10].map(markSize);
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
    expect(new Set(sizes).size).toBe(sizes.length);
    expect([markSize(-1), markSize(40)]).toEqual([markSize(0), markSize(10)]);
  });

  it.each(shapes)('cover about the same area and stay near their place: %s', async (shape) => {
    const pixels = await pixelsOf(shape, 40);
    expect(areaOf(pixels) / 40 ** 2).toBeGreaterThan(0.6);
    expect(areaOf(pixels) / 40 ** 2).toBeLessThan(1.05);
    const rows = pixels.flatMap((inside, at) => (inside ? [Math.floor(at / SIDE)] : []));
    const middle = rows.reduce((sum, row) => sum + row, 0) / rows.length + 0.5;
    expect(Math.abs(middle - SIDE / 2)).toBeLessThan(4);
  });

  it('differ from each other in at least a sixth of their area', async () => {
    const drawn = await Promise.all(shapes.map((shape) => pixelsOf(shape, 40)));
    for (const [at, one] of drawn.entries())
      for (const other of drawn.slice(at + 1)) {
        const different = one.filter((inside, pixel) => inside !== other[pixel]).length;
        // A circle and a hexagon are the most similar ones.
        expect(different / areaOf(one)).toBeGreaterThan(
          one === drawn[0] && other === drawn[8] ? 0.05 : 1 / 6,
        );
      }
  });
});
