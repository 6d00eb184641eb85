import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { layers, rendererFolders } from '../.dependency-cruiser.js';

const page = readFileSync(new URL('../ARCHITECTURE.md', import.meta.url), 'utf8');

describe('ARCHITECTURE.md', () => {
  it('lists the layers and their imports as .dependency-cruiser.js enforces them', () => {
    const rows = [...page.matchAll(/^\| `(src-[^`]+)` +\|.*\| ([^|]*) \|$/gm)];
    const listed = Object.fromEntries(rows.map(([, folder, allowed]) => [folder, namesIn(allowed)]));
    const enforced = Object.entries(layers).map(([folder, allowed]) => [
      folder,
      allowed.map((name) => name.replace('src-main/', '')).sort(),
    ]);
    expect(listed).toEqual(Object.fromEntries(enforced));
  });

  it('lists the folders of the page in their order', () => {
    const sentence = /import in one direction: ([^.]*)\./s.exec(page)?.[1] ?? '';
    expect([...sentence.matchAll(/`([^`]+)`/g)].map(([, name]) => name)).toEqual(rendererFolders);
  });
});

const namesIn = (cell: string): string[] =>
  cell
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
    .sort();
