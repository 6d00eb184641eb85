/** The properties of a key press that are compared. */
export type Keystroke = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>;

/**
 * Whether a key press matches a name: optional `Ctrl+` (Command on macOS) and `Shift+`, then the key of the layout (`a`,
 * `?`, `ArrowLeft`, `F1`) or the physical key (`BracketLeft`). Symbols such as `?` and `+` match with and without Shift,
 * because layouts differ.
 */
export function isKeystroke(event: Keystroke, name: string): boolean {
  const [, ctrl, shift, key] = /^(Ctrl\+)?(Shift\+)?(.+)$/.exec(name) ?? [];
  if (key === undefined || event.altKey || (event.ctrlKey || event.metaKey) !== (ctrl !== undefined))
    return false;
  if (event.key.toLowerCase() !== key.toLowerCase() && event.code !== key) return false;
  const symbol = /^[^a-z0-9]$/i.test(key) && shift === undefined;
  return symbol || event.shiftKey === (shift !== undefined);
}

const LABELS: Record<string, string> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  BracketLeft: '[',
  BracketRight: ']',
  PageUp: 'Page ↑',
  PageDown: 'Page ↓',
  Escape: 'Esc',
  '-': '−',
};

/** Labels of a keystroke's keys: `Shift` and `[` for `Shift+BracketLeft`. */
export function keyLabels(name: string): string[] {
  const parts = name === '+' ? ['+'] : name.split('+');
  return parts.map((part) => LABELS[part] ?? (part.length === 1 ? part.toUpperCase() : part));
}

const FIELDS =
  'select, textarea, [contenteditable], input:not([type="range"], [type="checkbox"], [type="radio"])';
const OWN_KEYS = /^(Arrow|Home|End|Page)/;

/** Whether the focused element handles this key press itself. */
export function belongsToFocus(event: Keystroke, focus: Element | null): boolean {
  if (!focus) return false;
  if (
    focus.closest('dialog[open], [role="dialog"], [role="alertdialog"], [role="menu"]') !== null ||
    focus.matches(FIELDS)
  )
    return true;
  if (focus.matches('input[type="range"], input[type="radio"]') && OWN_KEYS.test(event.key)) return true;
  if (focus.matches('input')) return event.code === 'Space';
  return focus.matches('button, summary') && (event.key === 'Enter' || event.code === 'Space');
}
