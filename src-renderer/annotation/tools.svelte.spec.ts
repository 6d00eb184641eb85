import { describe, expect, it, vi } from 'vitest';
import { ViewerState } from '../viewer/viewer-state.svelte.ts';
import type { AnnotationStore } from './annotation-store.svelte.ts';
import { DrawGesture } from './draw-gesture.svelte.ts';
import { drawingPointer } from './drawing-pointer.ts';
import { KeyboardCursor } from './keyboard-cursor.svelte.ts';
import { MaskEditor } from './mask-editor.svelte.ts';
import { Tools } from './tools.svelte.ts';

/** Tools over a mask of 100 x 100 pixels at scale 1. */
function createTools() {
  const tools = new Tools();
  const editor = new MaskEditor({ width: 100, height: 100 });
  const gesture = new DrawGesture(tools, () => editor, vi.fn());
  const viewer = new ViewerState();
  viewer.setImageSize({ width: 100, height: 100 });
  viewer.pane = { width: 100, height: 100 };
  const annotation = { tools, gesture } as unknown as AnnotationStore;
  return { tools, editor, gesture, viewer, annotation };
}

describe('Tools', () => {
  it('changes the brush by 10 percent and at least by a pixel', () => {
    const { tools } = createTools();
    tools.diameter = 100;
    tools.step(2);
    expect(tools.diameter).toBe(120);
    tools.diameter = 3;
    tools.step(-1);
    expect(tools.diameter).toBe(2);
    tools.step(-9);
    expect(tools.diameter).toBe(1);
  });

  it('changes the tolerance while the magic wand is selected', () => {
    const { tools } = createTools();
    tools.name = 'wand';
    tools.step(200);
    expect([tools.tolerance, tools.diameter]).toEqual([255, 16]);
  });
});

describe('the drawing pointer', () => {
  const press = { altKey: false } as PointerEvent;

  it('closes a polygon with a click on its first corner', () => {
    const { tools, editor, gesture, viewer, annotation } = createTools();
    const pointer = drawingPointer(annotation, viewer);
    tools.name = 'polygon';
    for (const at of [
      { x: 10, y: 10 },
      { x: 50, y: 10 },
      { x: 50, y: 50 },
    ]) {
      pointer.press(at, press);
      pointer.stroke([{ x: at.x + 2, y: at.y }], press);
      pointer.release(press);
    }
    expect(gesture.corners).toHaveLength(3);
    pointer.press({ x: 13, y: 11 }, press);
    expect(gesture.unfinished).toBe(false);
    expect(editor.count).toBeGreaterThan(700);
  });

  it('changes the brush with the wheel only while Shift or Alt is held', () => {
    const { tools, viewer, annotation } = createTools();
    const pointer = drawingPointer(annotation, viewer);
    const wheel = { deltaY: -50, deltaX: 0, shiftKey: false, altKey: false } as WheelEvent;
    expect(pointer.wheel?.(wheel)).toBe(false);
    expect(tools.diameter).toBe(16);
    expect(pointer.wheel?.({ ...wheel, altKey: true })).toBe(true);
    expect(tools.diameter).toBe(18);
  });
});

describe('the keyboard cursor', () => {
  const key = (name: string, held: Partial<KeyboardEvent> = {}) =>
    ({
      key: name,
      code: name === ' ' ? 'Space' : name,
      ctrlKey: false,
      shiftKey: false,
      altKey: false,
      metaKey: false,
      repeat: false,
      preventDefault: vi.fn(),
      stopPropagation: vi.fn(),
      ...held,
    }) as unknown as KeyboardEvent & { preventDefault: ReturnType<typeof vi.fn> };

  it('draws between space bar presses, and stays inside the image', () => {
    const { tools, editor, viewer, annotation } = createTools();
    tools.diameter = 1;
    const cursor = new KeyboardCursor(viewer, annotation);
    cursor.show();
    expect(cursor.position).toEqual({ x: 50.5, y: 50.5 });
    cursor.press(key('ArrowLeft', { ctrlKey: true }));
    expect(cursor.position).toEqual({ x: 0.5, y: 50.5 });
    cursor.press(key(' '));
    cursor.press(key('ArrowRight', { shiftKey: true }));
    expect(cursor.label).toContain('x 10 y 50');
    cursor.press(key(' '));
    cursor.press(key('ArrowRight'));
    expect(editor.count).toBe(11);
  });

  it('passes on keys that it does not use', () => {
    const { viewer, annotation } = createTools();
    const cursor = new KeyboardCursor(viewer, annotation);
    cursor.show();
    const [own, other] = [key('ArrowUp'), key('j')];
    cursor.press(own);
    cursor.press(other);
    expect(own.preventDefault).toHaveBeenCalled();
    expect(other.preventDefault).not.toHaveBeenCalled();
  });
});
