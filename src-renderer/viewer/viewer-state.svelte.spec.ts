import { beforeEach, describe, expect, it } from 'vitest';
import { ViewerState } from './viewer-state.svelte.ts';

describe('viewing', () => {
  let viewer: ViewerState;
  beforeEach(() => {
    viewer = new ViewerState();
    viewer.pane = { width: 200, height: 200 };
    viewer.present({ width: 1000, height: 1000 });
  });

  it('fits until a person zooms, and then keeps the view from image to image', () => {
    expect(viewer.view.scale).toBe(0.2);
    viewer.actualSize({ x: 0, y: 0 });
    expect(viewer.view).toEqual({ x: 100, y: 100, scale: 1 });
    viewer.present({ width: 1000, height: 1000 });
    expect(viewer.view.scale).toBe(1);
  });

  it('fits anew an image of another size', () => {
    viewer.actualSize();
    viewer.present({ width: 400, height: 200 });
    expect(viewer.view).toEqual({ x: 200, y: 100, scale: 0.5 });
  });

  it('counts device pixels', () => {
    viewer.pixelRatio = 2;
    viewer.actualSize();
    expect(viewer.view.scale).toBe(0.5);
    expect(viewer.zoom).toBe(1);
  });

  it('knows the image position under the pointer also while the view moves', () => {
    viewer.pointerAt = { x: 100, y: 100 };
    expect(viewer.pointer).toEqual({ x: 500, y: 500 });
    viewer.actualSize({ x: 0, y: 0 });
    expect(viewer.pointer).toEqual({ x: 100, y: 100 });
    viewer.pan(1, 0);
    expect(viewer.pointer).toEqual({ x: 130, y: 100 });
  });

  it('has no position where the pointer is beside the image', () => {
    viewer.present({ width: 1000, height: 100 });
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

  it('filters the input only where its levels are not shown as they are', () => {
    expect(viewer.filter).toBeUndefined();
    viewer.range.gamma = 1.5;
    expect(viewer.filter).toBe('url(#display-0-255-1_5)');
    viewer.range.gamma = 1;
    // 12 bits in a container of 16 are the darkest sixteenth.
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
