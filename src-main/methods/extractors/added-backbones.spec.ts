import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { addedBackbone, addedExtractors } from './added-backbones.ts';

const record = {
  format: 1,
  name: 'mine',
  title: 'Mine',
  sha256: '0'.repeat(64),
  bytes: 10,
  precision: 'float32',
  channels: 8,
  stride: 4,
  bytesPerPixel: 100,
  source: { file: 'net.onnx', sha256: '', publisher: '' },
  addedAt: '2026-01-02T03:04:05.000Z',
};
const british = (word: string) => word.replace('license', 'licen' + 'ce').replace('ization', 'is' + 'ation');
const folder = mkdtempSync(join(tmpdir(), 'perch-backbones-'));

function add(name: string, contents: string): void {
  mkdirSync(join(folder, 'models', name), { recursive: true });
  writeFileSync(join(folder, 'models', name, 'model.json'), contents);
}

beforeAll(() => vi.stubEnv('PERCH_HOME', folder));
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

it('reads a record with the keys of an earlier version', () => {
  const preprocessing = { [british('normalization')]: null, scaled: true };
  add('mine', JSON.stringify({ ...record, preprocessing, [british('license')]: 'MIT' }));
  expect(addedBackbone('mine')?.record).toMatchObject({
    license: 'MIT',
    preprocessing: { normalization: null, scaled: true },
  });
});

it('lists added backbones without damaged ones', () => {
  add('damaged', '{');
  expect(addedExtractors().map(({ name }) => name)).toEqual(['mine']);
  expect(() => addedBackbone('damaged')).toThrow(expect.objectContaining({ code: 'MODEL_UNUSABLE' }));
});
