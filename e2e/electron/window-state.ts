import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { app } from './app.ts';

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The state that `windowStatePersistence` saves for a window with a `name`. */
export interface WindowState {
  bounds: Rectangle;
  maximized: boolean;
  fullscreen: boolean;
}

// Electron stores it in the user data folder's `Local State`.
const file = () => join(app.getPath('userData'), 'stand-in-windows.json');

function all(): Record<string, WindowState> {
  return existsSync(file()) ? (JSON.parse(readFileSync(file(), 'utf8')) as Record<string, WindowState>) : {};
}

export function readWindowState(name: string): WindowState | undefined {
  return all()[name];
}

export function keepWindowState(name: string, state: WindowState | undefined): void {
  const { [name]: _old, ...others } = all();
  writeFileSync(`${file()}.tmp`, JSON.stringify(state ? { ...others, [name]: state } : others));
  renameSync(`${file()}.tmp`, file());
}
