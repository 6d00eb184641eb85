import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dataDirectory } from '../../files/data-dir.ts';
import { addedBackbone, addedModelNames, addedExtractors } from '../../methods/extractors/added-backbones.ts';
import type { BackboneRecord } from '../../methods/extractors/backbone.ts';
import { extractorNamed } from '../../methods/registry.ts';
import { checkedName, IncomingModel, removeModel } from './model-store.ts';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'perch-store-'));
  vi.stubEnv('PERCH_HOME', home);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true, force: true });
});

const record: BackboneRecord = {
  format: 1,
  name: 'mine',
  title: 'mine: imported backbone',
  sha256: '0'.repeat(64),
  bytes: 3,
  precision: 'as brought',
  channels: 4,
  stride: 2,
  preprocessing: { normalization: null, scaled: true },
  bytesPerPixel: 100,
  source: { file: 'net.onnx', sha256: '0'.repeat(64), publisher: 'unknown' },
  license: 'unknown',
  addedAt: '2026-01-02T03:04:05.000Z',
};

async function add(content: string, changes: Partial<BackboneRecord> = {}): Promise<void> {
  await using incoming = await IncomingModel.begin();
  await writeFile(incoming.file, content);
  await incoming.keep({ ...record, ...changes });
}

describe('the model store', () => {
  it('is empty at first', () => {
    expect([addedModelNames(), addedExtractors(), addedBackbone('mine')]).toEqual([[], [], undefined]);
  });

  it('returns an imported model, also as an extractor', async () => {
    await add('one');
    expect(addedBackbone('mine')?.record).toEqual(record);
    expect(await readFile(addedBackbone('mine')?.file ?? '', 'utf8')).toBe('one');
    expect(extractorNamed('mine')).toMatchObject({ name: 'mine', minSide: 2, bytesPerPixel: 100 });
  });

  it('replaces a model of the same name completely', async () => {
    await add('one');
    await add('two', { channels: 7 });
    expect(addedBackbone('mine')?.record.channels).toBe(7);
    expect(await readFile(addedBackbone('mine')?.file ?? '', 'utf8')).toBe('two');
    expect(await readdir(join(home, 'models'))).toEqual(['mine']);
  });

  it('keeps no part of an incomplete model', async () => {
    await add('one');
    {
      await using incoming = await IncomingModel.begin();
      await writeFile(incoming.file, 'two');
      expect(addedModelNames()).toEqual(['mine']);
      await expect(incoming.keep({ ...record, channels: 0 })).rejects.toThrow();
    }
    expect(await readFile(addedBackbone('mine')?.file ?? '', 'utf8')).toBe('one');
    expect(await readdir(join(home, 'models'))).toEqual(['mine']);
  });

  it('removes the remains of an earlier run, but not the files of a running one', async () => {
    for (const [name, time] of [
      ['.passing-old', new Date('2026-01-01')],
      ['.passing-new', new Date()],
    ] as const) {
      await mkdir(join(home, 'models', name), { recursive: true });
      await utimes(join(home, 'models', name), time, time);
    }
    await add('one');
    expect((await readdir(join(home, 'models'))).sort()).toEqual(['.passing-new', 'mine']);
  });

  it('removes a model, and reports a missing one', async () => {
    await add('one');
    await removeModel('mine');
    expect(addedModelNames()).toEqual([]);
    await expect(removeModel('mine')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(removeModel('..')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('names', () => {
  it.each(['a', 'wide_resnet50', 'Net-2', 'x'.repeat(64)])('can be %s', (name) => {
    expect(checkedName(name)).toBe(name);
  });

  it.each(['', '.', '..', 'a/b', 'a\\b', '-x', '.passing-1', 'ä', 'a b', 'gabor', 'x'.repeat(65)])(
    'cannot be "%s"',
    (name) => {
      expect(() => checkedName(name)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    },
  );
});

describe('extractors', () => {
  it('that are known backbones without a file explain how to install them', () => {
    expect(() => extractorNamed('vgg19')).toThrow(expect.objectContaining({ code: 'MODEL_MISSING' }));
    expect(() => extractorNamed('vgg19')).toThrow(/vgg19 has not been imported/);
  });

  it('with unknown names are refused with a list of the available ones', async () => {
    await add('one');
    expect(() => extractorNamed('nonsense')).toThrow(/Known: gabor.*, mine\./);
  });
});

it.runIf(process.platform === 'linux')(
  'finds the data directory in the environment or at its default location',
  () => {
    expect(dataDirectory({ PERCH_HOME: '/a/b' })).toBe('/a/b');
    expect(dataDirectory({ XDG_DATA_HOME: '/data' })).toBe('/data/perch');
    expect(dataDirectory({})).toMatch(/\.local\/share\/perch$/);
  },
);
