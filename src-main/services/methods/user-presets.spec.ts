import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { presetName, loadPreset } from './user-presets.ts';

it('uses the name of a built-in preset, and the name of a file without its extension', () => {
  expect(['default', 'table1/laws/fca', 'presets/mine.json', 'Mine.JSON'].map(presetName)).toEqual([
    'default',
    'table1/laws/fca',
    'mine',
    'Mine',
  ]);
});

describe('a preset file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'perch-presets-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const read = async (content: unknown) => {
    const path = join(folder, 'mine.json');
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
    return loadPreset(path);
  };

  it('can have the keys of an earlier version', async () => {
    const fca = { extractor: 'colors', statistic: 'fca', reference: 'median' };
    expect(await read({ title: 'Mine', method: { ...fca, patch: 5 } })).toMatchObject({
      title: 'Mine',
      method: { ...fca, patchSize: 5 },
    });
    expect((await read({ title: '', method: { extractor: 'colors', bank: 0.2 } })).method).toEqual({
      extractor: 'colors',
      coresetRatio: 0.2,
    });
  });

  it.each([
    ['not JSON'],
    [[]],
    [{ title: 'No method' }],
    [{ title: '', method: { extractor: 'colors', depth: 2 } }],
  ])('is refused: %j', async (content) => {
    await expect(read(content)).rejects.toMatchObject({ code: 'INVALID_PRESET' });
  });
});
