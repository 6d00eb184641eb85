import { isKeystroke } from '../../../shortcuts/keystrokes.ts';
import type { RegionEditor } from '../../../state/recipes/region-editor.svelte.ts';
import { polygonOf, rectangleBetween } from '../../../state/recipes/region-shapes.ts';
import type { ViewerState } from '../../../viewer/viewer-state.svelte.ts';
import { visiblePart, type Point } from '../../../viewer/viewport.ts';

const LARGE_STEP = 10;
const DIRECTIONS: Record<string, Point> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** The objects that the region tool's keys act on. */
export interface RegionKeyTargets {
  editor: RegionEditor;
  viewer: ViewerState;
  save: () => void;
  leave: () => void;
  /** The point that the arrow keys move while a polygon is drawn by keyboard. */
  cursor: { position: Point | undefined };
}

/** The region tool's keys: the keystroke's name and its action. */
const keys: [keystroke: string, act: (targets: RegionKeyTargets) => void][] = [
  ['v', ({ editor }) => (editor.tool = 'select')],
  ['r', ({ editor }) => (editor.tool = 'rectangle')],
  ['p', ({ editor }) => (editor.tool = 'polygon')],
  ['i', ({ editor }) => editor.setRole('include')],
  ['x', ({ editor }) => editor.setRole('exclude')],
  ['j', ({ editor }) => editor.step(1)],
  ['Shift+j', ({ editor }) => editor.step(-1)],
  ['Delete', ({ editor }) => editor.remove()],
  ['Ctrl+z', ({ editor }) => editor.undo()],
  ['Ctrl+Shift+z', ({ editor }) => editor.redo()],
  ['Ctrl+y', ({ editor }) => editor.redo()],
  ['Ctrl+s', ({ save }) => save()],
  ['Enter', finish],
  ['Escape', escape],
  ['Backspace', ({ editor }) => (editor.points.length > 0 ? removeLast(editor) : editor.remove())],
];

/** Screen shortcuts that would set verdicts while a region is drawn. */
const BLOCKED = ['a', 'u', 'k', 'n'];

/** Handles a key press for the open region tool. @returns whether the key belongs to the tool */
export function pressRegionKey(event: KeyboardEvent, targets: RegionKeyTargets): boolean {
  if (event.altKey) return false;
  const direction = DIRECTIONS[event.key];
  if (direction) return moveBy(event, direction, targets);
  const { cursor, editor } = targets;
  if (event.code === 'Space' && cursor.position) {
    editor.points = [...editor.points, cursor.position];
    return true;
  }
  const key = keys.find(([name]) => isKeystroke(event, name));
  key?.[1](targets);
  return key !== undefined || BLOCKED.some((name) => isKeystroke(event, name));
}

function moveBy(
  event: KeyboardEvent,
  { x, y }: Point,
  { editor, viewer, cursor }: RegionKeyTargets,
): boolean {
  const pixels = event.shiftKey ? LARGE_STEP : 1;
  const by = { x: x * pixels, y: y * pixels };
  if (cursor.position) {
    const { width, height } = editor.image;
    cursor.position = {
      x: Math.min(Math.max(cursor.position.x + by.x, 0), width),
      y: Math.min(Math.max(cursor.position.y + by.y, 0), height),
    };
    keepVisible(viewer, cursor.position);
  } else if (!editor.selected) return false;
  else if (event.ctrlKey) editor.resizeBy(by);
  else editor.moveBy(by);
  return true;
}

/** Closes the polygon, starts one at the keyboard cursor, or adds a rectangle of half the visible part. */
function finish({ editor, viewer, cursor }: RegionKeyTargets): void {
  const { x, y, width, height } = visiblePart(viewer.view, viewer.image, viewer.pane);
  if (editor.points.length > 0) {
    editor.add(polygonOf(editor.points, editor.image));
    cursor.position = undefined;
  } else if (editor.tool === 'polygon') {
    editor.selected = undefined;
    cursor.position = { x: Math.round(x + width / 2), y: Math.round(y + height / 2) };
  } else {
    const from = { x: x + width / 4, y: y + height / 4 };
    editor.add(rectangleBetween(from, { x: x + 0.75 * width, y: y + 0.75 * height }, editor.image));
  }
}

/** Leaves the unfinished shape, then the selection, then the tool. */
function escape({ editor, cursor, leave }: RegionKeyTargets): void {
  if (editor.points.length > 0 || cursor.position) {
    editor.cancelShape();
    cursor.position = undefined;
  } else if (editor.selected) editor.selected = undefined;
  else leave();
}

function removeLast(editor: RegionEditor): void {
  editor.points = editor.points.slice(0, -1);
}

function keepVisible(viewer: ViewerState, at: Point): void {
  const part = visiblePart(viewer.view, viewer.image, viewer.pane);
  if (at.x < part.x || at.y < part.y || at.x > part.x + part.width || at.y > part.y + part.height)
    viewer.centerOn(at);
}
