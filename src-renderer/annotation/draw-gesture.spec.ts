import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Point } from '../viewer/viewport.ts';
import { MaskEditor } from './mask-editor.svelte.ts';
import { DrawGesture } from './draw-gesture.svelte.ts';
import { Tools } from './tools.svelte.ts';

const at = (x: number, y: number): Point => ({ x, y });

describe('DrawGesture', () => {
  let tools: Tools;
  let editor: MaskEditor;
  let gesture: DrawGesture;
  const pick = vi.fn();

  beforeEach(() => {
    pick.mockClear();
    tools = new Tools();
    editor = new MaskEditor({ width: 64, height: 48 });
    gesture = new DrawGesture(tools, () => editor, pick);
  });

  it('draws a stroke that is undone as one edit', () => {
    tools.diameter = 5;
    gesture.press(at(10.5, 10.5), false);
    gesture.move([at(20, 10), at(30, 12)]);
    gesture.move([at(40.5, 20.5)]);
    gesture.release();
    expect(editor.mask.has(10, 10) && editor.mask.has(25, 11) && editor.mask.has(40, 20)).toBe(true);
    editor.undo();
    expect(editor.count).toBe(0);
    expect(editor.redoTitle).toBe('Brush');
  });

  it('ends the stroke on release', () => {
    gesture.press(at(10, 10), false);
    gesture.release();
    const { count } = editor;
    gesture.move([at(50, 40)]);
    expect(editor.count).toBe(count);
  });

  it('erases with the eraser, and with any tool on request', () => {
    tools.name = 'rectangle';
    gesture.press(at(0, 0), false);
    gesture.move([at(31.5, 31.5)]);
    gesture.release();
    expect(editor.count).toBe(32 * 32);
    gesture.press(at(0, 0), true);
    gesture.move([at(15.5, 31.5)]);
    gesture.release();
    expect(editor.count).toBe(16 * 32);
    tools.name = 'eraser';
    tools.diameter = 1;
    gesture.press(at(20, 5), false);
    gesture.release();
    expect(editor.mask.has(20, 5)).toBe(false);
  });

  it('draws a polygon when it is closed, not before', () => {
    tools.name = 'polygon';
    for (const corner of [at(4, 4), at(24, 4), at(24, 14), at(4, 14), at(60, 40)]) {
      gesture.press(corner, false);
      gesture.release();
    }
    expect(editor.count).toBe(0);
    gesture.removeLastCorner();
    gesture.close();
    expect(editor.count).toBe(200);
    expect(gesture.unfinished).toBe(false);
  });

  it('draws a freehand polygon along a drag', () => {
    tools.name = 'polygon';
    gesture.press(at(4, 4), false);
    gesture.move([at(14, 4), at(24, 4), at(24, 14)]);
    gesture.release();
    gesture.press(at(4, 14), false);
    gesture.release();
    gesture.close();
    expect(editor.count).toBe(200);
  });

  it('cancels a polygon', () => {
    tools.name = 'polygon';
    gesture.press(at(4, 4), false);
    gesture.cancel();
    gesture.close();
    expect(editor.count).toBe(0);
    expect(editor.undoTitle).toBeUndefined();
  });

  it('passes points inside the image to the tools that need one', () => {
    tools.name = 'wand';
    gesture.press(at(-1, 5), false);
    expect(pick).not.toHaveBeenCalled();
    gesture.press(at(3, 5), true);
    expect(pick).toHaveBeenCalledExactlyOnceWith(at(3, 5), true);
    expect(gesture.down).toBe(false);
  });
});
