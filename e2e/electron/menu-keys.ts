import { BrowserWindow } from './browser-window.ts';
import { activate, Menu, type MenuItem } from './menu.ts';
import { onUnhandledKey, type KeyInput } from './key-events.ts';

const NAMED: Record<string, string> = {
  plus: '+',
  space: ' ',
  esc: 'escape',
  return: 'enter',
  up: 'arrowup',
  down: 'arrowdown',
  left: 'arrowleft',
  right: 'arrowright',
};

/** Whether a key press is an accelerator such as `CmdOrCtrl+Shift+O` on Linux. */
export function matches(accelerator: string, input: KeyInput): boolean {
  const parts = accelerator.toLowerCase().split('+');
  const key = parts.pop() ?? '';
  const has = (...names: string[]) => parts.some((part) => names.includes(part));
  const wanted = NAMED[key] ?? key;
  const pressed = input.key.toLowerCase();
  // A letter or digit means the key that carries it, with or without Shift.
  const same =
    pressed === wanted || input.code.toLowerCase() === `key${wanted}` || input.code === `Digit${wanted}`;
  // "+" needs Shift on most keyboards, which accelerators omit.
  const shift = has('shift') || (wanted === '+' && input.shift);
  return (
    same &&
    input.control === has('ctrl', 'control', 'cmdorctrl', 'commandorcontrol') &&
    input.alt === has('alt', 'option') &&
    input.shift === shift &&
    input.meta === has('super', 'meta', 'cmd', 'command')
  );
}

function find(items: readonly MenuItem[], input: KeyInput): MenuItem | undefined {
  for (const item of items) {
    const nested = item.submenu && find(item.submenu.items, input);
    if (nested) return nested;
    const { accelerator, registerAccelerator, enabled, visible } = item;
    if (accelerator && registerAccelerator && enabled && visible && matches(accelerator, input)) return item;
  }
  return undefined;
}

// A key press that the page did not handle may be an accelerator of the application menu.
onUnhandledKey((input, contents) => {
  const item = find(Menu.getApplicationMenu()?.items ?? [], input);
  const window = BrowserWindow.getAllWindows().find(({ webContents }) => webContents === contents);
  if (item) activate(item, window);
});
