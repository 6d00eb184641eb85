import { BrowserWindow } from './browser-window.ts';
import { activate, Menu, type MenuItem } from './menu.ts';
import type { WebContents } from './web-contents.ts';

/** A key that was pressed, as `before-input-event` describes it. */
export interface KeyInput {
  key: string;
  code: string;
  control: boolean;
  shift: boolean;
  alt: boolean;
  meta: boolean;
  isAutoRepeat: boolean;
}

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

/** Whether a key is an accelerator: `CmdOrCtrl+Shift+O`, as Electron reads it on Linux. */
export function matches(accelerator: string, input: KeyInput): boolean {
  const parts = accelerator.toLowerCase().split('+');
  const key = parts.pop() ?? '';
  const has = (...names: string[]) => parts.some((part) => names.includes(part));
  const wanted = NAMED[key] ?? key;
  const pressed = input.key.toLowerCase();
  // A letter or digit is meant as the key that carries it, whatever Shift makes of it.
  const same =
    pressed === wanted || input.code.toLowerCase() === `key${wanted}` || input.code === `Digit${wanted}`;
  // "+" needs Shift on most keyboards, which the accelerator does not name.
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

/** A key that the page did not use: it may be an accelerator of the application's menu. */
export function chooseByKey(input: KeyInput, contents: WebContents): void {
  const item = find(Menu.getApplicationMenu()?.items ?? [], input);
  const window = BrowserWindow.fromWebContents(contents);
  if (item) activate(item, window ?? undefined);
}
