import { beforeEach, describe, expect, it } from 'vitest';
import { Ruler } from '../../../state/scales/ruler.svelte.ts';
import type { PointerTool } from '../../../viewer/pointer-tool.ts';
import { ViewerState } from '../../../viewer/viewer-state.svelte.ts';
import { rulerPointer } from './ruler-pointer.ts';

let ruler: Ruler;
let tool: PointerTool;
const event = (shiftKey = false) => ({ shiftKey }) as PointerEvent;

beforeEach(() => {
  ruler = new Ruler();
  const viewer = new ViewerState();
  viewer.setImageSize({ width: 400, height: 300 });
  viewer.pane = { width: 400, height: 300 };
  tool = rulerPointer(ruler, viewer);
});

function drag(from: [number, number], to: [number, number], shift = false): void {
  tool.press({ x: from[0], y: from[1] }, event());
  tool.stroke([{ x: to[0], y: to[1] }], event(shift));
  tool.release(event());
}

describe('the pointer of the ruler', () => {
  it('draws a line, and a new one elsewhere', () => {
    drag([10, 20], [110, 40]);
    expect(ruler.line).toEqual({ from: { x: 10, y: 20 }, to: { x: 110, y: 40 } });
    drag([200, 200], [250, 200]);
    expect(ruler.line).toEqual({ from: { x: 200, y: 200 }, to: { x: 250, y: 200 } });
  });

  it('keeps it horizontal or vertical with Shift', () => {
    drag([10, 20], [110, 40], true);
    expect(ruler.line?.to).toEqual({ x: 110, y: 20 });
    drag([200, 100], [220, 290], true);
    expect(ruler.line?.to).toEqual({ x: 200, y: 290 });
  });

  it('moves an end that it presses', () => {
    drag([10, 20], [110, 40]);
    drag([12, 21], [50, 60]);
    expect(ruler.line).toEqual({ from: { x: 50, y: 60 }, to: { x: 110, y: 40 } });
  });

  it('removes the line with a click, and restores it if the stroke is canceled', () => {
    drag([10, 20], [110, 40]);
    tool.press({ x: 300, y: 200 }, event());
    tool.cancel();
    expect(ruler.line?.to).toEqual({ x: 110, y: 40 });
    drag([300, 200], [300, 200]);
    expect(ruler.line).toBeUndefined();
  });
});
