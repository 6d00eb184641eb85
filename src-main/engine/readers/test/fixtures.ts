import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The path of a file that make-fixtures.py wrote. */
export const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

/** The content of the files, row-major. */
export const expected = JSON.parse(readFileSync(fixture('expected.json'), 'utf8')) as {
  width: number;
  height: number;
} & Record<'color' | 'gray' | 'palette' | 'bits' | 'map' | 'steps' | 'defect', number[]>;
