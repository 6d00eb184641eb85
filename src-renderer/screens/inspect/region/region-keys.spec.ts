import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Notices } from '../../../state/notices.svelte.ts';
import { RegionEditor } from '../../../state/recipes/region-editor.svelte.ts';
import { RegionStore } from '../../../state/recipes/region-store.svelte.ts';
import { ViewerState } from '../../../viewer/viewer-state.svelte.ts';
import { pressRegionKey, type RegionKeyTargets } from './region-keys.ts';

let targets: RegionKeyTargets;
let editor: RegionEditor;
const save = vi.fn();
const leave = vi.fn();

beforeEach(() => {
  vi.clearAllMocks();
  editor = new RegionEditor(new RegionStore({} as never, new Notices()));
  const viewer = new ViewerState();
  viewer.setImageSize({ width: 100, height: 60 });
  viewer.pane = { width: 200, height: 120 };
  editor.open();
  editor.follow('linen', viewer.image);
  targets = { editor, viewer, save, leave, cursor: { position: undefined } };
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
    return pressRegionKey(event as KeyboardEvent, targets);
  });
}

describe('keys of the region tool', () => {
  it('add a rectangle in the middle, move it and resize it', () => {
    press('Enter', 'ArrowRight', 'Shift+ArrowDown', 'Ctrl+ArrowLeft', 'Ctrl+Shift+ArrowUp');
    expect(editor.region.include).toEqual([{ type: 'rectangle', left: 26, top: 25, width: 49, height: 20 }]);
  });

  it('draw a polygon at a cursor', () => {
    press(
      'p',
      'Enter',
      ' ',
      'Shift+ArrowRight',
      ' ',
      'ArrowLeft',
      ' ',
      'Backspace',
      'Shift+ArrowDown',
      ' ',
      'Enter',
    );
    expect(editor.region.include).toEqual([
      {
        type: 'polygon',
        points: [
          [50, 30],
          [60, 30],
          [59, 40],
        ],
      },
    ]);
    expect(targets.cursor.position).toBeUndefined();
  });

  it('exclude, select, remove and undo', () => {
    press('Enter', 'x');
    expect(editor.region).toMatchObject({ include: [], exclude: [{ left: 25 }] });
    press('i', 'Escape', 'Enter', 'j', 'Delete');
    expect(editor.region.include.length).toBe(1);
    press('Ctrl+z');
    expect(editor.region.include.length).toBe(2);
  });

  it('leave the unfinished shape, the selection, and then the tool', () => {
    press('p', 'Enter', ' ', 'Escape');
    expect(editor.points).toEqual([]);
    press('v', 'Enter', 'Escape');
    expect(editor.selected).toBeUndefined();
    expect(leave).not.toHaveBeenCalled();
    press('Escape');
    expect(leave).toHaveBeenCalledOnce();
  });

  it('prevent verdicts from being set, and leave the other keys to the screen', () => {
    expect(press('a', 'r', 'u', 'n', 'k')).toEqual([true, true, true, true, true]);
    expect(press('f', 'ArrowRight', 'Shift+ArrowRight', '+', 'h')).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
    press('Ctrl+s');
    expect(save).toHaveBeenCalledOnce();
  });
});
