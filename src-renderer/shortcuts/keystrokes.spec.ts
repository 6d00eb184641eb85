import { describe, expect, it } from 'vitest';
import { isKeystroke, keyLabels } from './keystrokes.ts';

const press = (key: string, code = '', held: 'none' | 'shift' | 'ctrl' | 'meta' | 'alt' = 'none') => ({
  key,
  code,
  shiftKey: held === 'shift',
  ctrlKey: held === 'ctrl',
  metaKey: held === 'meta',
  altKey: held === 'alt',
});

describe('keystrokes', () => {
  it('distinguishes a key from the same key with Shift', () => {
    expect(isKeystroke(press('ArrowLeft'), 'ArrowLeft')).toBe(true);
    expect(isKeystroke(press('ArrowLeft', 'ArrowLeft', 'shift'), 'ArrowLeft')).toBe(false);
    expect(isKeystroke(press('ArrowLeft', 'ArrowLeft', 'shift'), 'Shift+ArrowLeft')).toBe(true);
  });

  it('accepts symbols with and without Shift, as keyboard layouts differ', () => {
    expect(isKeystroke(press('?', 'Slash', 'shift'), '?')).toBe(true);
    expect(isKeystroke(press('+', 'BracketRight'), '+')).toBe(true);
    expect(isKeystroke(press('+', 'Equal', 'shift'), '+')).toBe(true);
  });

  it('matches a physical key, with and without Shift', () => {
    expect(isKeystroke(press('{', 'BracketLeft', 'shift'), 'Shift+BracketLeft')).toBe(true);
    expect(isKeystroke(press('{', 'BracketLeft', 'shift'), 'BracketLeft')).toBe(false);
    expect(isKeystroke(press('{', 'BracketLeft', 'shift'), '[')).toBe(false);
  });

  it('accepts Command for Ctrl and ignores other modifiers', () => {
    expect(isKeystroke(press('o', 'KeyO', 'ctrl'), 'Ctrl+o')).toBe(true);
    expect(isKeystroke(press('o', 'KeyO', 'meta'), 'Ctrl+o')).toBe(true);
    expect(isKeystroke(press('c', 'KeyC', 'ctrl'), 'c')).toBe(false);
    expect(isKeystroke(press('c', 'KeyC', 'alt'), 'c')).toBe(false);
  });

  it('ignores the case of letters', () => {
    expect(isKeystroke(press('C', 'KeyC'), 'c')).toBe(true);
  });

  it('has labels as printed on the keys', () => {
    expect(keyLabels('Shift+BracketLeft')).toEqual(['Shift', '[']);
    expect(keyLabels('f')).toEqual(['F']);
    expect(keyLabels('+')).toEqual(['+']);
    expect(keyLabels('ArrowRight')).toEqual(['→']);
  });
});
