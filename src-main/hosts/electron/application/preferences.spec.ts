import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Preferences } from './preferences.ts';

const folder = mkdtempSync(join(tmpdir(), 'perch-preferences-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('preferences of the desktop', () => {
  it('are saved for the next start', () => {
    const file = join(folder, 'new/preferences.json');
    new Preferences(file).change({ updates: true, gpuCrashes: 2 });
    expect(new Preferences(file).values).toMatchObject({ updates: true, gpuCrashes: 2 });
  });

  it('fall back to the defaults, field by field, if the file is missing or damaged', () => {
    const file = join(folder, 'damaged.json');
    const defaults = { hardwareAcceleration: true, gpuCrashes: 0, updates: false, recentDatasets: [] };
    expect(new Preferences(file).values).toEqual(defaults);
    for (const text of ['{', 'null', '[]', '""']) {
      writeFileSync(file, text);
      expect(new Preferences(file).values).toEqual(defaults);
    }
    writeFileSync(file, '{"updates": true, "gpuCrashes": -4, "recentDatasets": "x"}');
    expect(new Preferences(file).values).toEqual({ ...defaults, updates: true });
  });

  it('last until the exit if they cannot be written', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const preferences = new Preferences(join(file, 'preferences.json'));
    preferences.change({ updates: true });
    expect(preferences.values.updates).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe('');
  });

  it('list the ten recently opened datasets, each once', () => {
    const preferences = new Preferences(join(folder, 'recent.json'));
    for (const id of [1, 2, 3, 1, 4, 5, 6, 7, 8, 9, 10, 11, 11]) preferences.noteDataset(id);
    expect(preferences.values.recentDatasets).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 1, 3]);
  });
});
