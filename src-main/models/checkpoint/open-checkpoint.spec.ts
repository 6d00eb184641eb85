import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCheckpoint } from './open-checkpoint.ts';
import { float32Bytes, legacyFile, safetensorsFile, torchZipFile, zipFile } from './test/files.ts';
import type { StoredElements } from './test/files.ts';
import * as p from './test/pickle.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-checkpoint-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function open(bytes: Uint8Array) {
  const path = join(folder, 'net.pth');
  await writeFile(path, bytes);
  return openCheckpoint(path);
}

/** Opens a file and reads everything in it. */
async function readAll(bytes: Uint8Array): Promise<Record<string, number[]>> {
  await using checkpoint = await open(bytes);
  const values: Record<string, number[]> = {};
  for (const name of checkpoint.tensors.keys()) values[name] = [...(await checkpoint.read(name))];
  return values;
}

const storage = (key: string, values: number[]): StoredElements => ({
  key,
  bytes: float32Bytes(values),
  count: values.length,
});
const six = { key: '0', storage: 'FloatStorage', count: 6 };
const stored = [storage('0', [1, 2, 3, 4, 5, 6]), storage('1', [0.5, -7])];
const state = p.orderedDict(
  [p.text('conv.weight'), p.tensor({ ...six, shape: [2, 3] })],
  [p.text('conv.bias'), p.tensor({ ...six, key: '1', count: 2, shape: [2] })],
);
const expected = { 'conv.weight': [1, 2, 3, 4, 5, 6], 'conv.bias': [0.5, -7] };
const safetensors = safetensorsFile(
  {
    __metadata__: { format: 'pt' },
    'conv.weight': { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
    'conv.bias': { dtype: 'F32', shape: [2], data_offsets: [24, 32] },
  },
  float32Bytes([1, 2, 3, 4, 5, 6, 0.5, -7]),
);

const formats: [string, Buffer][] = [
  ['legacy', legacyFile(state, stored)],
  ['zip', torchZipFile(state, stored)],
  ['zip, deflated', torchZipFile(state, stored, true)],
  ['safetensors', safetensors],
];

describe.each(formats)('a checkpoint, %s', (_, whole) => {
  it('yields names, shapes and values', async () => {
    await using checkpoint = await open(whole);
    expect([...checkpoint.tensors].map(([name, { shape, type }]) => [name, shape, type])).toEqual([
      ['conv.weight', [2, 3], 'float32'],
      ['conv.bias', [2], 'float32'],
    ]);
    expect(await readAll(whole)).toEqual(expected);
  });

  it('is rejected if it is truncated, at any length', async () => {
    for (let twentieth = 0; twentieth < 20; twentieth++) {
      const part = whole.subarray(0, Math.floor((whole.length * twentieth) / 20));
      await expect(readAll(part), `${twentieth} twentieths`).rejects.toMatchObject({
        code: 'CHECKPOINT_REFUSED',
      });
    }
  });

  it('is rejected on opening if the last byte is missing', async () => {
    await expect(open(whole.subarray(0, -1))).rejects.toMatchObject({ code: 'CHECKPOINT_REFUSED' });
  });

  it('is read or rejected with a typed error if any byte is damaged', async () => {
    for (let at = 0; at < whole.length; at += 3) {
      const damaged = Buffer.from(whole);
      damaged[at] ^= 0xff;
      const outcome = await readAll(damaged).catch((thrown: unknown) => thrown);
      if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'CHECKPOINT_REFUSED' });
    }
  });
});

describe('state dicts', () => {
  it.each(['state_dict', 'model', 'model_state_dict'])('are found under the key %s', async (key) => {
    const nested = p.dict([p.text('epoch'), p.integer(3)], [p.text(key), state]);
    expect(await readAll(legacyFile(nested, stored))).toEqual(expected);
  });

  it('drop the prefix of parallel training', async () => {
    const parallel = p.orderedDict([p.text('module.w'), p.tensor({ ...six, shape: [6] })]);
    expect(await readAll(torchZipFile(parallel, stored))).toEqual({ w: [1, 2, 3, 4, 5, 6] });
  });

  it.each([
    ['a list', p.list(p.text('w'))],
    ['numbers', p.dict([p.text('w'), p.integer(1)])],
    ['nothing', p.orderedDict()],
  ])('are rejected if missing: %s', async (_, piece) => {
    await expect(readAll(legacyFile(piece, []))).rejects.toThrow(/contains no state dict/);
  });
});

describe('tensors', () => {
  const only = (piece: Partial<p.TensorPiece> & { shape: number[] }, elements = stored[0]) =>
    readAll(legacyFile(p.dict([p.text('w'), p.tensor({ ...six, ...piece })]), [elements]));

  it('respect strides and offset', async () => {
    expect(await only({ shape: [3, 2], strides: [1, 3] })).toEqual({ w: [1, 4, 2, 5, 3, 6] });
    expect(await only({ shape: [2, 2], strides: [3, 1], offset: 1 })).toEqual({ w: [2, 3, 5, 6] });
    expect(await only({ shape: [2, 1, 2], strides: [2, 99, 1], offset: 2 })).toEqual({ w: [3, 4, 5, 6] });
  });

  it('respect views of a storage', async () => {
    const view = p.tuple(p.text('view'), p.integer(3), p.integer(3));
    expect(await only({ shape: [3], view })).toEqual({ w: [4, 5, 6] });
    const outside = p.tuple(p.text('view'), p.integer(7), p.integer(3));
    await expect(only({ shape: [3], view: outside })).rejects.toThrow(/lies outside/);
  });

  it.each([
    ['HalfStorage', new Uint16Array([0x3c00, 0xc000, 0x0001, 0x7bff]), [1, -2, 2 ** -24, 65504]],
    ['BFloat16Storage', new Uint16Array([0x3f80, 0xc000, 0x4049, 0]), [1, -2, 3.140625, 0]],
    ['DoubleStorage', new Float64Array([1, -2, 0.1, 1e300]), [1, -2, Math.fround(0.1), Infinity]],
  ])('are converted to float32: %s', async (type, values, floats) => {
    const elements = { key: '0', bytes: new Uint8Array(values.buffer), count: 4 };
    expect(await only({ storage: type, count: 4, shape: [4] }, elements)).toEqual({ w: floats });
  });

  it('are rejected if they are integers, sparse or larger than their storage', async () => {
    const integers = { key: '0', bytes: new Uint8Array(48), count: 6 };
    await expect(only({ storage: 'LongStorage', shape: [6] }, integers)).rejects.toThrow(/w is int64/);
    const wide = storage('0', Array<number>(100).fill(1));
    await expect(only({ count: 100, shape: [2], strides: [99] }, wide)).rejects.toThrow(
      /2 elements of w span 100 elements/,
    );
    await expect(only({ shape: [2 ** 40], strides: [0] })).rejects.toThrow(/more elements than its storage/);
  });
});

describe('legacy files', () => {
  it.each([
    ['another magic number', p.pickle(p.integer(42)), /not a PyTorch checkpoint/],
    ['a pickle that executes code', p.pickle(p.reduce(p.global('os', 'system'), p.tuple())), /os\.system/],
    ['a pickle of protocol 0', Buffer.from("cposix\nsystem\n(S'true'\ntR."), /posix\.system/],
    ['a future version', legacyFile(state, stored, { protocol: 1002 }), /version 1002/],
    ['big-endian elements', legacyFile(state, stored, { littleEndian: false }), /big-endian/],
    ['a storage that no tensor uses', legacyFile(state, [...stored, storage('9', [1])]), /no tensor uses/],
    ['a duplicate storage', legacyFile(state, [...stored, stored[0]]), /no tensor uses/],
    ['a missing storage in the list', legacyFile(state, [stored[0]]), /lacks storage 1/],
    [
      'a size other than announced',
      legacyFile(state, [{ ...stored[0], count: 5 }, stored[1]]),
      /5 elements instead of 6/,
    ],
  ])('are rejected: %s', async (_, bytes, reason) => {
    await expect(readAll(bytes)).rejects.toThrow(reason);
  });

  it('are rejected before reading if a storage is larger than the file', async () => {
    const count = 2 ** 40;
    const huge = p.dict([p.text('w'), p.tensor({ ...six, count, shape: [count] })]);
    await expect(readAll(legacyFile(huge, [{ ...stored[0], count }]))).rejects.toThrow(
      /truncated or damaged/,
    );
  });
});

describe('zip files', () => {
  const pickleOf = (content = p.pickle(state)) => ({ name: 'net/data.pkl', content });
  const zeros = (size: number) => ({ name: 'net/data/0', content: new Uint8Array(size), deflate: true });
  const one = storage('1', [0.5, -7]);
  const other = { name: 'net/data/1', content: one.bytes };
  const first = { name: 'net/data/0', content: stored[0].bytes };

  it.each([
    ['no pickle', [first, other], /has one entry data\.pkl/],
    ['two pickles', [pickleOf(), { ...pickleOf(), name: 'b/data.pkl' }], /has one entry data\.pkl/],
    ['a pickle that executes code', [pickleOf(p.pickle(p.global('os', 'system')))], /os\.system/],
    ['a missing storage', [pickleOf(), other], /has no entry net\/data\/0/],
    [
      'a storage of another size',
      [pickleOf(), { ...first, content: new Uint8Array(20) }, other],
      /20 bytes instead of 24/,
    ],
    ['a bomb with its true size', [pickleOf(), zeros(2 ** 27), other], /would expand/],
    [
      'a bomb with a false size',
      [pickleOf(), { ...zeros(2 ** 27), announced: { size: 24 } }, other],
      /exceeds its announced size/,
    ],
    [
      'a bomb in the pickle',
      [{ ...pickleOf(Buffer.alloc(2 ** 27, 'N')), deflate: true, announced: { size: 600 } }],
      /exceeds its announced size/,
    ],
    ['a pickle of 17 MiB', [pickleOf(Buffer.alloc(17 * 2 ** 20))], /claims 17825792 bytes/],
    ['another checksum', [pickleOf(), { ...first, announced: { crc: 1 } }, other], /checksum/],
    [
      'a damaged stream',
      [pickleOf(), { ...first, announced: { method: 8 } }, other],
      /decompressed|announced/,
    ],
    [
      'an unknown compression',
      [pickleOf(), { ...first, announced: { method: 14 } }, other],
      /unknown compression \(14\)/,
    ],
    ['encryption', [pickleOf(), { ...first, announced: { flags: 1 } }, other], /encrypted/],
    [
      'an entry outside the folder',
      [pickleOf(), { ...first, announced: { offset: 2 ** 31 } }, other],
      /truncated or damaged/,
    ],
    [
      'an entry at another position',
      [pickleOf(), { ...first, announced: { offset: 3 } }, other],
      /not at its announced position/,
    ],
    ['a duplicate entry', [pickleOf(), first, first, other], /two entries/],
    ['4 GiB', [pickleOf(), { ...first, announced: { size: 0xffffffff } }, other], /4 GiB/],
    [
      'big-endian elements',
      [pickleOf(), first, other, { name: 'net/byteorder', content: Buffer.from('big') }],
      /big-endian/,
    ],
  ])('are rejected: %s', async (_, entries, reason) => {
    await expect(readAll(zipFile(entries))).rejects.toThrow(reason);
  });

  it('yield a part of a deflated storage', async () => {
    const values = Array.from({ length: 10_000 }, (_, i) => Math.sin(i));
    const part = p.dict([p.text('w'), p.tensor({ ...six, count: 10_000, offset: 9_998, shape: [2] })]);
    const read = await readAll(torchZipFile(part, [storage('0', values)], true));
    expect(read).toEqual({ w: [Math.fround(Math.sin(9_998)), Math.fround(Math.sin(9_999))] });
  });
});

describe('safetensors files', () => {
  const entry = { dtype: 'F32', shape: [2], data_offsets: [0, 8] };
  const elements = float32Bytes([1, 2]);

  it.each([
    ['no JSON', '{"w": ', /not JSON/],
    ['deeply nested JSON', `{"a":${'['.repeat(100_000)}`, /not JSON/],
    ['an unknown type', { w: { ...entry, dtype: 'F8_E4M3' } }, /unknown form/],
    ['a property of objects as a type', { w: { ...entry, dtype: 'constructor' } }, /unknown form/],
    ['offsets beyond the end', { w: { ...entry, data_offsets: [8, 16] } }, /truncated or damaged/],
    ['offsets in the header', { w: { ...entry, data_offsets: [-8, 0] } }, /unknown form/],
    ['offsets in reverse order', { w: { ...entry, data_offsets: [8, 0] } }, /has -8 bytes/],
    [
      'a shape that does not match the size',
      { w: { ...entry, shape: [3] } },
      /8 bytes, which do not match \[3\]/,
    ],
    ['a huge shape', { w: { ...entry, shape: [2 ** 40, 2 ** 40] } }, /which do not match/],
    ['a negative side', { w: { ...entry, shape: [-2] } }, /unknown form/],
  ])('are rejected: %s', async (_, header, reason) => {
    await expect(readAll(safetensorsFile(header, elements))).rejects.toThrow(reason);
  });

  it('are rejected if the header claims a huge size', async () => {
    const bytes = safetensorsFile({ w: entry }, elements);
    bytes.writeBigUInt64LE(2n ** 60n);
    await expect(readAll(bytes)).rejects.toThrow(/its header claims/);
  });
});

it.each([
  ['text', Buffer.from('this is text')],
  ['nothing', Buffer.alloc(0)],
  ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00])],
])('rejects files that are not checkpoints: %s', async (_, bytes) => {
  await expect(readAll(bytes)).rejects.toMatchObject({
    code: 'CHECKPOINT_REFUSED',
    message: expect.stringContaining('net.pth was rejected'),
  });
});
