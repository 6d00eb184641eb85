import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { drawShade, shadeOf } from './shade.ts';

const image = { width: 100, height: 50 };
const rectangle = (left: number) => ({ type: 'rectangle', left, top: 0, width: 10, height: 10 }) as const;
/** What was drawn on the scratch canvas, in order. */
let drawn: string[];

beforeEach(() => {
  drawn = [];
  class FakePath {
    readonly path: string;
    constructor(path: string) {
      this.path = path;
    }
  }
  const scratch = {
    globalCompositeOperation: 'source-over',
    setTransform() {},
    beginPath() {},
    rect() {},
    clip() {},
    fillRect: () => drawn.push('everything'),
    fill(this: { globalCompositeOperation: string }, { path }: FakePath) {
      drawn.push(`${this.globalCompositeOperation} ${path}`);
    },
  };
  vi.stubGlobal('Path2D', FakePath);
  vi.stubGlobal(
    'OffscreenCanvas',
    vi.fn(function OffscreenCanvas() {
      return { getContext: () => scratch };
    }),
  );
});
afterEach(() => vi.unstubAllGlobals());

/** A context that counts what is drawn on it. */
function aContext() {
  const context = {
    canvas: { width: 200, height: 100 },
    getTransform: () => ({}),
    save() {},
    restore() {},
    setTransform() {},
    setLineDash() {},
    drawImage: vi.fn(),
    stroke: vi.fn(),
  };
  return context as unknown as CanvasRenderingContext2D & typeof context;
}

it('has nothing to dim without a region', () => {
  expect(shadeOf(undefined, image)).toBeUndefined();
  expect(shadeOf({ include: [], exclude: [], border: 0 }, image)).toBeUndefined();
});

it('is composed of all shapes first, so that overlapping ones dim once', () => {
  const region = { include: [rectangle(0)], exclude: [rectangle(5), rectangle(7)], border: 3 };
  const layer = shadeOf(region, image);
  const context = aContext();
  if (layer) drawShade(context, layer, image, 1);
  expect(drawn.map((operation) => operation.replace(/ M.*/, ''))).toEqual([
    'everything',
    'destination-out',
    'source-over',
    'source-over',
    'source-over',
  ]);
  expect(context.drawImage).toHaveBeenCalledOnce();
  expect(context.stroke).toHaveBeenCalledTimes(4);
});

it('starts with the whole image inside if nothing is included', () => {
  const layer = shadeOf({ include: [], exclude: [rectangle(5)], border: 0 }, image);
  if (layer) drawShade(aContext(), layer, image, 1);
  expect(drawn).toEqual(['source-over M5 0L15 0L15 10L5 10Z']);
});
