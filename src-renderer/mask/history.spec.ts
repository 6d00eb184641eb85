import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { History, type EditGroup } from './history.ts';
import { runsOf } from '../../src-main/common/maps/mask-runs.ts';
import { capsule, rectangle } from './shapes.ts';
import { masks } from './test/arbitrary.ts';
import { maskOf, pixelsOfMask } from './test/masks.ts';

const size = { width: 20, height: 16 };
const edits = fc.array(fc.record({ pixels: masks(size), anomalous: fc.boolean(), continued: fc.boolean() }), {
  maxLength: 12,
});

/** A history after edits, and the mask before each of them. */
function edited(steps: { pixels: Uint8Array; anomalous: boolean; continued: boolean }[]) {
  const history = new History(maskOf(size));
  const states = [pixelsOfMask(history.mask)];
  let written: EditGroup | undefined;
  let group: EditGroup = { title: 'an edit' };
  for (const { pixels, anomalous, continued } of steps) {
    if (!continued) group = { title: 'an edit' };
    if (history.write(runsOf(pixels, size.width), anomalous, group).width === 0) continue;
    if (written === group) states.pop();
    written = group;
    states.push(pixelsOfMask(history.mask));
  }
  return { history, states };
}

describe('History', () => {
  it('undoes to every earlier state and redoes to every later one', () => {
    fc.assert(
      fc.property(edits, (steps) => {
        const { history, states } = edited(steps);
        for (const state of states.slice(0, -1).reverse()) {
          expect(history.undo().width).toBeGreaterThan(0);
          expect(pixelsOfMask(history.mask)).toEqual(state);
        }
        expect(history.undoTitle).toBeUndefined();
        expect(history.undo().width).toBe(0);
        for (const state of states.slice(1)) {
          history.redo();
          expect(pixelsOfMask(history.mask)).toEqual(state);
        }
        expect(history.redoTitle).toBeUndefined();
        expect(history.mask.count).toBe(pixelsOfMask(history.mask).filter((pixel) => pixel !== 0).length);
      }),
    );
  });

  it('reports the bounds of the changed pixels', () => {
    fc.assert(
      fc.property(masks(size), masks(size), fc.boolean(), (first, second, anomalous) => {
        const history = new History(maskOf(size, first));
        const before = first.slice();
        const { x, y, width, height } = history.write(runsOf(second, size.width), anomalous, {
          title: 'an edit',
        });
        for (const [at, pixel] of pixelsOfMask(history.mask).entries()) {
          if (pixel === before[at]) continue;
          const [px, py] = [at % size.width, Math.floor(at / size.width)];
          expect(px >= x && py >= y && px < x + width && py < y + height).toBe(true);
        }
      }),
    );
  });

  it('undoes the edits of one group together', () => {
    const history = new History(maskOf(size));
    const stroke = { title: 'Brush' };
    history.write(rectangle(size, { x: 0, y: 0, width: 4, height: 4 }), true, { title: 'Rectangle' });
    history.write(capsule(size, { x: 2, y: 2 }, { x: 2, y: 2 }, 1), true, stroke);
    history.write(capsule(size, { x: 2, y: 2 }, { x: 12, y: 9 }, 2), true, stroke);
    history.write(capsule(size, { x: 12, y: 9 }, { x: 14, y: 9 }, 2), true, stroke);
    expect(history.mask.count).toBeGreaterThan(30);
    history.undo();
    expect(history.mask.count).toBe(16);
  });

  it('drops the redo stack on a new edit', () => {
    const history = new History(maskOf(size));
    history.write(rectangle(size, { x: 0, y: 0, width: 4, height: 4 }), true, { title: 'Rectangle' });
    history.undo();
    expect(history.redoTitle).toBe('Rectangle');
    history.write(rectangle(size, { x: 8, y: 0, width: 4, height: 4 }), true, { title: 'Brush' });
    expect(history.redoTitle).toBeUndefined();
  });

  it('has the ground truth of its origin, then that of the last edit, while the mask is empty', () => {
    const history = new History(maskOf(size), 'unknown');
    const dot = rectangle(size, { x: 0, y: 0, width: 1, height: 1 });
    expect(history.empty).toBe('unknown');
    history.write(dot, true, { title: 'Brush' });
    history.write(dot, false, { title: 'Eraser' });
    expect(history.empty).toBe('normal');
    history.mark({ title: 'Mark as unknown', empty: 'unknown' });
    expect([history.empty, history.undoTitle]).toEqual(['unknown', 'Mark as unknown']);
    for (const empty of ['normal', 'normal', 'unknown'] as const) {
      history.undo();
      expect(history.empty).toBe(empty);
    }
    history.redo();
    expect([history.empty, history.mask.has(0, 0)]).toEqual(['normal', true]);
  });

  it('records no edit if the ground truth is the same', () => {
    const history = new History(maskOf(size), 'unknown');
    history.mark({ title: 'Mark as unknown', empty: 'unknown' });
    expect(history.undoTitle).toBeUndefined();
  });

  it('forgets the oldest edits beyond its memory limit', () => {
    const history = new History(maskOf(size), 'normal', 40);
    for (let x = 0; x < 20; x += 2) {
      history.write(rectangle(size, { x, y: 0, width: 1, height: 4 }), true, { title: 'Rectangle' });
    }
    expect(history.bytes).toBeLessThanOrEqual(40);
    while (history.undoTitle) history.undo();
    expect(history.mask.has(0, 0)).toBe(true);
    expect(history.mask.has(18, 0)).toBe(false);
  });
});
