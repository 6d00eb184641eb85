import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Ruler } from '../../../state/scales/ruler.svelte.ts';
import { ViewerState } from '../../../viewer/viewer-state.svelte.ts';
import { pressRulerKey } from './ruler-keys.ts';

let ruler: Ruler;
let viewer: ViewerState;
const finish = vi.fn();
const leave = vi.fn();

beforeEach(() => {
  vi.clearAllMocks();
  ruler = new Ruler();
  viewer = new ViewerState();
  viewer.setImageSize({ width: 400, height: 300 });
  viewer.pane = { width: 400, height: 300 };
  ruler.open();
});

/** Presses keys in the browser's notation: `Shift+ArrowLeft`. */
function press(...names: string[]): boolean[] {
  return names.map((name) => {
    const parts = name.split('+');
    const key = parts.pop() ?? '';
    const event = {
      key,
      code: key === ' ' ? 'Space' : '',
      altKey: false,
      metaKey: false,
      ctrlKey: parts.includes('Ctrl'),
      shiftKey: parts.includes('Shift'),
    };
    return pressRulerKey(event as KeyboardEvent, { ruler, viewer, finish, leave });
  });
}

describe('keys of the ruler', () => {
  it('measure between two points, and continue to the known length', () => {
    press('Enter', 'Ctrl+ArrowLeft', 'Shift+ArrowUp', 'Enter');
    expect(ruler.line).toEqual({ from: { x: 100, y: 140 }, to: { x: 100, y: 140 } });
    press('Ctrl+ArrowRight', 'Ctrl+ArrowRight', 'ArrowDown');
    expect(ruler.line).toEqual({ from: { x: 100, y: 140 }, to: { x: 300, y: 141 } });
    press('Enter');
    expect(finish).toHaveBeenCalledOnce();
  });

  it('move the other end after Space', () => {
    ruler.start({ x: 10, y: 10 });
    press('Ctrl+ArrowRight', ' ', 'ArrowDown');
    expect(ruler.line).toEqual({ from: { x: 10, y: 11 }, to: { x: 110, y: 10 } });
  });

  it('keep the ends inside the image', () => {
    ruler.start({ x: 395, y: 1 });
    press('Shift+ArrowRight', 'Shift+ArrowUp');
    expect(ruler.line?.to).toEqual({ x: 400, y: 0 });
  });

  it('clear the line before they leave', () => {
    ruler.start({ x: 1, y: 1 });
    press('Escape');
    expect(ruler.line).toBeUndefined();
    expect(leave).not.toHaveBeenCalled();
    press('Escape');
    expect(leave).toHaveBeenCalledOnce();
  });

  it('leave arrows to the screen while there is no point', () => {
    expect(press('ArrowLeft', 'Shift+ArrowLeft', ' ')).toEqual([false, false, false]);
  });
});
