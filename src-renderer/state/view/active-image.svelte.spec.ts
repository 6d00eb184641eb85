import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { anImage } from '../test/images.ts';
import { ActiveImage, type ActiveImageDeps } from './active-image.svelte.ts';

const viewer = { heatmapRangeOf: 'class', zoomToPart: vi.fn(), highlight: undefined, setImageSize: vi.fn() };
const scores = { range: { low: 0, high: 9 }, threshold: 4 };
let activeImage: ActiveImage;
/** The image that a blind review hides. */
let hidden: number | undefined;
let recipe: { latest: { definition: object } } | undefined;

const deps = () =>
  ({
    viewer,
    connection: { connectionCount: 1 },
    datasets: { selectedId: 1, isHidden: (image: number) => image === hidden },
    recipes: { ofClass: () => recipe },
    regionEditor: { shown: () => undefined },
    regions: { of: () => undefined },
    selection: { image: anImage({ id: 5, textureClass: 'linen' }) },
    methods: { selectedId: 7 },
    results: { get: () => ({ min: 1, max: 3, mapWidth: 8, mapHeight: 8 }) },
    rolls: { byImage: new Map([[5, { direction: 'right' }]]) },
    scores: { byClass: new Map([['linen', scores]]) },
  }) as unknown as ActiveImageDeps;

beforeEach(() => {
  vi.stubGlobal(
    'Path2D',
    vi.fn(function Path2D() {}),
  );
  viewer.heatmapRangeOf = 'class';
  hidden = undefined;
  recipe = undefined;
  activeImage = new ActiveImage(deps());
  const square = (x: number) => `M${x} 0L${x + 2} 0L${x + 2} 2L${x} 2Z`;
  activeImage.outline.whole = {
    threshold: 4,
    path: [0, 10, 20].map(square).join(''),
    regions: [1, 11, 21].map((peakX) => ({
      peakX,
      peakY: 1,
      box: { x: peakX - 1, y: 0, width: 2, height: 2 },
    })),
  } as unknown as NonNullable<ActiveImage['outline']['whole']>;
});
afterEach(() => vi.unstubAllGlobals());

it('colors the heatmap over the range of the class or of the image', () => {
  expect(activeImage.range).toEqual({ low: 0, high: 9 });
  viewer.heatmapRangeOf = 'image';
  expect(activeImage.range).toEqual({ low: 1, high: 3 });
});

it("has no threshold while a blind review hides the image, as a contour shows a recipe's decision", () => {
  expect(activeImage.threshold).toBe(4);
  hidden = 5;
  activeImage = new ActiveImage(deps());
  expect(activeImage.threshold).toBeUndefined();
});

it('steps through the regions in both directions, wrapping around', () => {
  const visited = [1, 1, 1, 1, -1, -1].map((step) => {
    activeImage.stepRegion(step);
    return activeImage.region;
  });
  expect(visited).toEqual([0, 1, 2, 0, 2, 1]);
  expect(viewer.zoomToPart.mock.lastCall?.[0]).toMatchObject({ x: 10, y: 0, width: 2, height: 2 });
});

it('starts at the last region when it steps backward first', () => {
  activeImage.stepRegion(-1);
  expect(activeImage.region).toBe(2);
});

it('measures size limits along a roll to the right', () => {
  const definition = { sizeLimits: { unit: 'mm' }, edgeMargin: 1, mmPerPixel: { across: 0.1, along: 0.2 } };
  recipe = { latest: { definition } };
  activeImage = new ActiveImage(deps());
  expect(activeImage.scope.limits?.mmPerPixel).toEqual({ across: 0.2, along: 0.1 });
});
