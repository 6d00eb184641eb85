import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

/** Where a window stood, in density-independent pixels of the desktop. */
const windowBounds = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(800),
  height: z.int().min(500),
  maximized: z.boolean(),
});
export type WindowBounds = z.infer<typeof windowBounds>;

export interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Enough of the title bar, in pixels, to take hold of the window. */
const grip = 100;

/** Bounds that were kept, where they still lie on a screen; nothing for a screen that is gone or a damaged file. */
export function readBounds(file: string, screens: Area[]): WindowBounds | undefined {
  let kept: unknown;
  try {
    kept = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
  const { data: bounds } = windowBounds.safeParse(kept);
  return bounds && screens.some((screen) => reachable(bounds, screen)) ? bounds : undefined;
}

/** Keeps bounds for the next start. Where that fails the window merely opens at its usual place. */
export function writeBounds(file: string, bounds: WindowBounds): void {
  try {
    // At once, because the window closes behind this; whole or not at all, by the rename.
    writeFileSync(`${file}.tmp`, JSON.stringify(bounds));
    renameSync(`${file}.tmp`, file);
  } catch (cause) {
    console.error(`The place of the window could not be kept in ${file}:`, cause);
  }
}

function reachable(bounds: WindowBounds, screen: Area): boolean {
  const across = Math.min(bounds.x + bounds.width, screen.x + screen.width) - Math.max(bounds.x, screen.x);
  return across >= grip && bounds.y >= screen.y && bounds.y <= screen.y + screen.height - grip;
}
