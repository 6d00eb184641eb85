import { beforeEach, describe, expect, it, vi } from 'vitest';
import { EMPTY } from '../mask/rectangle.ts';
import { MaskEditor } from './mask-editor.svelte.ts';

const size = { width: 8, height: 4 };
const runsOf = (...edges: number[]) => Float64Array.from(edges);

describe('MaskEditor', () => {
  let editor: MaskEditor;
  const onChange = vi.fn();

  beforeEach(() => {
    onChange.mockClear();
    editor = new MaskEditor(size, undefined, 'unknown');
    editor.watch(onChange);
  });

  it('has the ground truth of its origin while it is empty, and of its last edit otherwise', () => {
    expect(editor.groundTruth).toBe('unknown');
    editor.write(runsOf(2, 4), true, { title: 'Brush' });
    expect([editor.groundTruth, editor.count]).toEqual(['masked', 2]);
    editor.write(runsOf(2, 4), false, { title: 'Eraser' });
    expect(editor.groundTruth).toBe('normal');
    editor.undo();
    editor.undo();
    expect(editor.groundTruth).toBe('unknown');
  });

  it('notifies watchers of the bounds of each change, and not of edits without effect', () => {
    editor.write(runsOf(2, 4, 10, 12), true, { title: 'Brush' });
    expect(onChange.mock.calls).toEqual([[{ x: 2, y: 0, width: 2, height: 2 }]]);
    editor.write(runsOf(2, 4), true, { title: 'Brush' });
    expect(onChange).toHaveBeenCalledTimes(1);
  });

  it('replaces the mask in one edit that can be undone', () => {
    editor.write(runsOf(0, 2), true, { title: 'Brush' });
    editor.replace(runsOf(1, 2, 9, 10), { title: 'Restore' });
    expect([...editor.mask.runs]).toEqual([1, 2, 9, 10]);
    expect(editor.undoTitle).toBe('Restore');
    editor.undo();
    expect([...editor.mask.runs]).toEqual([0, 2]);
    expect(editor.redoTitle).toBe('Restore');
  });

  it('notifies watchers if only the ground truth changes', () => {
    editor.replace(runsOf(), { title: 'Mark as normal', empty: 'normal' });
    expect(editor.groundTruth).toBe('normal');
    expect(onChange.mock.calls).toEqual([[EMPTY]]);
    const { version } = editor;
    editor.replace(runsOf(), { title: 'Mark as normal', empty: 'normal' });
    expect(editor.version).toBe(version);
  });

  it('stops notifying', () => {
    const stopped = vi.fn();
    editor.watch(stopped)();
    editor.write(runsOf(0, 1), true, { title: 'Brush' });
    expect(stopped).not.toHaveBeenCalled();
    expect(onChange).toHaveBeenCalledTimes(1);
  });
});
