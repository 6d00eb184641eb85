import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  paneGrid,
  clampView,
  panBy,
  fitScale,
  fitView,
  miniMapSize,
  toImage,
  toPane,
  visiblePart,
  zoomAt,
} from './viewport.ts';

const pane = { width: 300, height: 200 };
const image = { width: 1000, height: 1000 };
const side = fc.integer({ min: 1, max: 9000 });
const size = fc.record({ width: side, height: side });

describe('fitting', () => {
  it('shows the whole image as large as the pane allows', () => {
    expect(fitView(image, pane)).toEqual({ x: 500, y: 500, scale: 0.2 });
    expect(visiblePart(fitView(image, pane), image, pane)).toEqual({ x: 0, y: 0, width: 1000, height: 1000 });
  });

  it('enlarges small images up to a limit', () => {
    expect(fitScale({ width: 30, height: 10 }, pane)).toBe(10);
    expect(fitScale({ width: 1, height: 1 }, pane)).toBe(64);
  });
});

describe('zooming', () => {
  it('keeps the image position under the pointer', () => {
    const pointer = { x: 80, y: 150 };
    const before = { x: 400, y: 600, scale: 1 };
    const held = toImage(pointer, before, pane);
    const after = zoomAt(before, 3.7, pointer, pane);
    expect(toImage(pointer, after, pane).x).toBeCloseTo(held.x, 9);
    expect(toImage(pointer, after, pane).y).toBeCloseTo(held.y, 9);
    expect(after.scale).toBe(3.7);
  });

  it('is reversible', () => {
    const pointer = { x: 10, y: 20 };
    const before = { x: 400, y: 600, scale: 2 };
    const back = zoomAt(zoomAt(before, 5, pointer, pane), 2, pointer, pane);
    expect(back.x).toBeCloseTo(before.x, 9);
    expect(back.y).toBeCloseTo(before.y, 9);
  });
});

it('moves the image by the dragged distance', () => {
  const before = { x: 500, y: 500, scale: 2 };
  const grabbed = toImage({ x: 100, y: 100 }, before, pane);
  expect(toPane(grabbed, panBy(before, 30, -12), pane)).toEqual({ x: 130, y: 88 });
});

describe('clamping', () => {
  it('never zooms out beyond the fitted image or pans past an edge', () => {
    expect(clampView({ x: -50, y: 2000, scale: 1 }, image, pane, 1)).toEqual({ x: 150, y: 900, scale: 1 });
    expect(clampView({ x: 3, y: 3, scale: 0.01 }, image, pane, 1)).toEqual(fitView(image, pane));
  });

  it('allows the actual size for an image smaller than the pane', () => {
    const small = { width: 30, height: 20 };
    expect(clampView({ x: 0, y: 0, scale: 0.5 }, small, pane, 1)).toEqual({ x: 15, y: 10, scale: 1 });
  });

  it('keeps a view that is within the bounds', () => {
    fc.assert(
      fc.property(
        size,
        size,
        side,
        side,
        fc.double({ min: 0.001, max: 100, noNaN: true }),
        (of, within, x, y, scale) => {
          const once = clampView({ x, y, scale }, of, within, 1);
          const twice = clampView(once, of, within, 1);
          expect(twice.scale).toBeCloseTo(once.scale, 9);
          expect(twice.x).toBeCloseTo(once.x, 6);
          expect(twice.y).toBeCloseTo(once.y, 6);
        },
      ),
    );
  });
});

describe('the grid of panes', () => {
  const area = { width: 972, height: 608 };
  const gap = { width: 4, height: 28 };

  it('places square images side by side', () => {
    expect(paneGrid(3, area, { width: 1024, height: 1024 }, gap)).toEqual({ columns: 3, rows: 1 });
  });

  it('stacks long strips', () => {
    expect(paneGrid(3, area, { width: 4096, height: 256 }, gap)).toEqual({ columns: 1, rows: 3 });
  });

  it('places four square panes two by two if that shows them larger', () => {
    expect(paneGrid(4, { width: 1000, height: 900 }, image, gap)).toEqual({ columns: 2, rows: 2 });
    expect(paneGrid(4, { width: 2000, height: 500 }, image, gap)).toEqual({ columns: 4, rows: 1 });
  });

  it('leaves no gap with three panes and one gap with five', () => {
    expect(paneGrid(3, { width: 800, height: 800 }, image, gap)).toEqual({ columns: 3, rows: 1 });
    expect(paneGrid(5, { width: 1200, height: 800 }, image, gap)).toEqual({ columns: 3, rows: 2 });
  });

  it('fills the area with one pane', () => {
    expect(paneGrid(1, area, { width: 4096, height: 256 }, gap)).toEqual({ columns: 1, rows: 1 });
  });
});

it('has a mini-map in the proportions of the image, and a longer and thicker one of a strip', () => {
  const pane = { width: 600, height: 700 };
  expect(miniMapSize({ width: 1280, height: 960 }, pane)).toEqual({ width: 128, height: 96 });
  expect(miniMapSize({ width: 1024, height: 200_000 }, pane)).toEqual({ width: 16, height: 420 });
  expect(miniMapSize({ width: 200_000, height: 1024 }, pane)).toEqual({ width: 360, height: 16 });
  expect(miniMapSize({ width: 5000, height: 8 }, pane)).toEqual({ width: 360, height: 8 });
});
