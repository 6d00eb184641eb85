import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readBounds, writeBounds } from './bounds.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perch-spec-'));
  file = join(folder, 'window.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const left = { x: 0, y: 25, width: 1920, height: 1055 };
const right = { x: 1920, y: 0, width: 2560, height: 1440 };
const bounds = { x: 2000, y: 100, width: 1200, height: 800, maximized: true };

describe('the place of the window', () => {
  it('is kept', () => {
    writeBounds(file, bounds);
    expect(readBounds(file, [left, right])).toEqual(bounds);
    expect(readdirSync(folder)).toEqual(['window.json']);
  });

  it('is forgotten with the screen it was on', () => {
    writeBounds(file, bounds);
    expect(readBounds(file, [left])).toBeUndefined();
  });

  it.each([
    ['its title bar is above the screen', { y: 0 }, false],
    ['its title bar is below the screen', { y: 1050 }, false],
    ['too little of it is left to take hold of', { x: 1850 }, false],
    ['enough of it is left to take hold of', { x: 1800 }, true],
    ['its left end is off the screen', { x: -1000 }, true],
  ])('is used only where it can be reached: %s', (_, place, used) => {
    writeBounds(file, { ...bounds, x: 0, y: 100, ...place });
    expect(readBounds(file, [left]) !== undefined).toBe(used);
  });

  it.each(['', '{', '[]', 'null', '{"x":0}', JSON.stringify({ ...bounds, width: 1 })])(
    'is forgotten where the file is damaged: %s',
    (text) => {
      writeFileSync(file, text);
      expect(readBounds(file, [left, right])).toBeUndefined();
    },
  );

  it('may fail to be kept, without more ado than a line in the log', () => {
    const log = vi.spyOn(console, 'error').mockReturnValue();
    writeBounds(join(folder, 'absent/window.json'), bounds);
    expect(log).toHaveBeenCalledOnce();
    log.mockRestore();
  });
});
