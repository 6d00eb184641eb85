import { app } from './app.ts';
import { BrowserWindow } from './browser-window.ts';
import { roles } from './menu-roles.ts';
import { record } from './record.ts';
import { NotModeled, Strict } from './strict.ts';
import type { WebContents } from './web-contents.ts';

export interface MenuItemOptions {
  id?: string;
  label?: string;
  sublabel?: string;
  role?: string;
  type?: string;
  accelerator?: string;
  registerAccelerator?: boolean;
  enabled?: boolean;
  visible?: boolean;
  checked?: boolean;
  submenu?: MenuItemOptions[] | Menu;
  click?: (item: MenuItem, window: BrowserWindow | undefined, event: unknown) => void;
}

let commands = 0;

/** `MenuItem`. */
export class MenuItem extends Strict {
  readonly id: string | undefined;
  readonly commandId = ++commands;
  readonly type: string;
  readonly role: string | undefined;
  readonly accelerator: string | undefined;
  readonly registerAccelerator: boolean;
  readonly submenu: Menu | undefined;
  label: string;
  sublabel: string;
  enabled: boolean;
  visible: boolean;
  checked: boolean;
  click: (event?: unknown, window?: BrowserWindow, contents?: WebContents) => void;

  constructor(options: MenuItemOptions) {
    super();
    const role = options.role?.toLowerCase();
    const known = role === undefined ? undefined : roles[role];
    if (role !== undefined && known === undefined) throw new NotModeled(`the menu role ${options.role}`);
    const submenu = options.submenu ?? known?.submenu;
    this.id = options.id;
    this.role = role;
    this.type = options.type ?? (submenu === undefined ? 'normal' : 'submenu');
    this.label = options.label ?? known?.label ?? '';
    this.sublabel = options.sublabel ?? '';
    this.accelerator = options.accelerator ?? known?.accelerator;
    this.registerAccelerator = options.registerAccelerator ?? known?.registerAccelerator ?? true;
    this.enabled = options.enabled ?? true;
    this.visible = options.visible ?? true;
    this.checked = options.checked ?? false;
    this.submenu = Array.isArray(submenu) ? Menu.buildFromTemplate(submenu) : submenu;
    this.click = (event, window, contents) => {
      if (this.type === 'checkbox' || this.type === 'radio') this.checked = !this.checked;
      if (known?.app) known.app(app);
      else if (known?.window && window) known.window(window);
      else if (known?.page && contents) known.page(contents);
      else if (!known) options.click?.(this, window, event ?? {});
    };
  }
}

let applicationMenu: Menu | null = null;

/** `Menu`. */
export class Menu extends Strict {
  items: MenuItem[] = [];

  static buildFromTemplate(template: (MenuItemOptions | MenuItem)[]): Menu {
    const menu = new Menu();
    for (const each of template) menu.append(each instanceof MenuItem ? each : new MenuItem(each));
    return menu;
  }
  static setApplicationMenu(menu: Menu | null): void {
    applicationMenu = menu;
  }
  static getApplicationMenu = () => applicationMenu;

  append(item: MenuItem): void {
    this.items.push(item);
  }
  insert(at: number, item: MenuItem): void {
    this.items.splice(at, 0, item);
  }

  getMenuItemById(id: string): MenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id);
      if (found) return found;
    }
    return null;
  }

  /** Opens the menu until `closePopup` or until a test chooses from `lastPopup()`. */
  popup(options: { callback?: () => void; window?: BrowserWindow } = {}): void {
    record.note(
      'menu.popup',
      this.items.filter(({ visible }) => visible).map(({ label, role }) => label || role),
    );
    popup = { menu: this, options };
    this.emit('menu-will-show');
  }
  closePopup(): void {
    const open = popup;
    if (open?.menu !== this) return;
    popup = undefined;
    this.emit('menu-will-close');
    open.options.callback?.();
  }
}

let popup: { menu: Menu; options: { callback?: () => void } } | undefined;

/** The open context menu. */
export function lastPopup(): Menu | undefined {
  return popup?.menu;
}

/** Chooses an item of the open context menu or the application menu by its labels: `choose('File', 'Quit')`. */
export function choose(...labels: string[]): void {
  const textOf = (label: string) => label.replace(/&(?!&)/g, '').replace(/[…]|\.\.\.$/g, '');
  let menu: Menu | undefined | null = popup?.menu ?? applicationMenu;
  let item: MenuItem | undefined;
  for (const label of labels) {
    const shown: MenuItem[] = menu?.items.filter(({ visible }) => visible) ?? [];
    item = shown.find((each) => textOf(each.label) === textOf(label));
    if (!item)
      throw new Error(`There is no menu item ${label} among ${shown.map((each) => each.label).join(', ')}.`);
    menu = item.submenu;
  }
  if (!item?.enabled) throw new Error(`The menu item ${labels.join(' > ')} is disabled.`);
  popup?.menu.closePopup();
  activate(item, BrowserWindow.getFocusedWindow() ?? undefined);
}

/** Runs an item for the focused window. */
export function activate(item: MenuItem, window: BrowserWindow | undefined): void {
  item.click({ triggeredByAccelerator: false }, window, window?.webContents);
}
