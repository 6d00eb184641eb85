import { beforeEach, describe, expect, it } from 'vitest';
import { Viewing } from './viewer-state.svelte.ts';

describe('viewing', () => {
  let viewing: Viewing;
  beforeEach(() => {
    viewing = new Viewing();
    viewing.pane = { width: 200, height: 200 };
    viewing.present({ width: 1000, height: 1000 });
  });

  it('fits until a person zooms, and then keeps the view from image to image', () => {
    expect(viewing.view.scale).toBe(0.2);
    viewing.actualSize({ x: 0, y: 0 });
    expect(viewing.view).toEqual({ x: 100, y: 100, scale: 1 });
    viewing.present({ width: 1000, height: 1000 });
    expect(viewing.view.scale).toBe(1);
  });

  it('fits anew an image of another size', () => {
    viewing.actualSize();
    viewing.present({ width: 400, height: 200 });
    expect(viewing.view).toEqual({ x: 200, y: 100, scale: 0.5 });
  });

  it('counts device pixels', () => {
    viewing.pixelRatio = 2;
    viewing.actualSize();
    expect(viewing.view.scale).toBe(0.5);
    expect(viewing.zoom).toBe(1);
  });

  it('knows the image position under the pointer also while the view moves', () => {
    viewing.pointerAt = { x: 100, y: 100 };
    expect(viewing.pointer).toEqual({ x: 500, y: 500 });
    viewing.actualSize({ x: 0, y: 0 });
    expect(viewing.pointer).toEqual({ x: 100, y: 100 });
    viewing.pan(1, 0);
    expect(viewing.pointer).toEqual({ x: 130, y: 100 });
  });

  it('has no position where the pointer is beside the image', () => {
    viewing.present({ width: 1000, height: 100 });
    viewing.pointerAt = { x: 100, y: 10 };
    expect(viewing.pointer).toBeUndefined();
  });

  it('never hides the last pane', () => {
    viewing.toggle('input');
    viewing.toggle('heatmap');
    viewing.toggle('overlay');
    expect(viewing.panes).toEqual(['overlay']);
    viewing.toggle('input');
    expect(viewing.panes).toEqual(['input', 'overlay']);
  });

  it('swipes between input and heatmap until panes are chosen', () => {
    viewing.toggleSwipe();
    expect(viewing.swiped).toEqual(['input', 'heatmap']);
    viewing.moveDivider(0.7);
    expect(viewing.divider).toBe(1);
    viewing.toggle('input');
    expect(viewing.swiped).toBeUndefined();
  });

  it('filters the input only where its levels are not shown as they are', () => {
    expect(viewing.filter).toBeUndefined();
    viewing.range.gamma = 1.5;
    expect(viewing.filter).toBe('url(#display-0-255-1_5)');
    viewing.range.gamma = 1;
    // 12 bits in a container of 16 are the darkest sixteenth.
    viewing.range.counts = Uint32Array.from({ length: 256 }, (_, level) => Number(level < 16));
    expect(viewing.range.current).toEqual({ low: 0, high: 15 });
    viewing.range.mode = 'full';
    expect(viewing.filter).toBeUndefined();
    viewing.range.setWindow(100);
    expect(viewing.range.current).toEqual({ low: 77.5, high: 177.5 });
    viewing.range.setLevel(60);
    expect([viewing.range.window, viewing.range.level]).toEqual([100, 60]);
  });
});
