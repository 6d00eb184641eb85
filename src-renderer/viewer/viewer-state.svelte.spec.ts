import { beforeEach, describe, expect, it } from 'vitest';
import { ViewerState } from './viewer-state.svelte.ts';

describe('ViewerState', () => {
  let viewer: ViewerState;
  beforeEach(() => {
    viewer = new ViewerState();
    viewer.pane = { width: 200, height: 200 };
    viewer.setImageSize({ width: 1000, height: 1000 });
  });

  it('fits the image until the operator zooms, then keeps the view for other images', () => {
    expect(viewer.view.scale).toBe(0.2);
    viewer.actualSize({ x: 0, y: 0 });
    expect(viewer.view).toEqual({ x: 100, y: 100, scale: 1 });
    viewer.setImageSize({ width: 1000, height: 1000 });
    expect(viewer.view.scale).toBe(1);
  });

  it('fits an image of another size', () => {
    viewer.actualSize();
    viewer.setImageSize({ width: 400, height: 200 });
    expect(viewer.view).toEqual({ x: 200, y: 100, scale: 0.5 });
  });

  it('measures zoom in device pixels', () => {
    viewer.pixelRatio = 2;
    viewer.actualSize();
    expect(viewer.view.scale).toBe(0.5);
    expect(viewer.zoom).toBe(1);
  });

  it('updates the image position under the pointer when the view moves', () => {
    viewer.pointerAt = { x: 100, y: 100 };
    expect(viewer.pointer).toEqual({ x: 500, y: 500 });
    viewer.actualSize({ x: 0, y: 0 });
    expect(viewer.pointer).toEqual({ x: 100, y: 100 });
    viewer.pan(1, 0);
    expect(viewer.pointer).toEqual({ x: 130, y: 100 });
  });

  it('has no position if the pointer is outside the image', () => {
    viewer.setImageSize({ width: 1000, height: 100 });
    viewer.pointerAt = { x: 100, y: 10 };
    expect(viewer.pointer).toBeUndefined();
  });

  it('never hides the last pane', () => {
    viewer.toggle('input');
    viewer.toggle('heatmap');
    viewer.toggle('overlay');
    expect(viewer.panes).toEqual(['overlay']);
    viewer.toggle('input');
    expect(viewer.panes).toEqual(['input', 'overlay']);
  });

  it('swipes between input and heatmap until panes are chosen', () => {
    viewer.toggleSwipe();
    expect(viewer.swiped).toEqual(['input', 'heatmap']);
    viewer.moveDivider(0.7);
    expect(viewer.divider).toBe(1);
    viewer.toggle('input');
    expect(viewer.swiped).toBeUndefined();
  });

  it('filters the input only if its levels are changed', () => {
    expect(viewer.filter).toBeUndefined();
    viewer.range.gamma = 1.5;
    expect(viewer.filter).toBe('url(#display-0-255-1_5)');
    viewer.range.gamma = 1;
    // 12 bits in a 16-bit file are the darkest sixteenth.
    viewer.range.counts = Uint32Array.from({ length: 256 }, (_, level) => Number(level < 16));
    expect(viewer.range.current).toEqual({ low: 0, high: 15 });
    viewer.range.mode = 'full';
    expect(viewer.filter).toBeUndefined();
    viewer.range.setWindow(100);
    expect(viewer.range.current).toEqual({ low: 77.5, high: 177.5 });
    viewer.range.setLevel(60);
    expect([viewer.range.window, viewer.range.level]).toEqual([100, 60]);
  });
});
