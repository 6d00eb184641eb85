import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadNativeBackend, type NativeModule } from '../../src-main/methods/backend/native-backend.ts';

const modulePath = path.join(import.meta.dirname, '../build/Release/perch.node');
/** Seconds of fuzzing. `PERCH_FUZZ_SECONDS=600` fuzzes more thoroughly. */
const fuzzSeconds = Number(process.env['PERCH_FUZZ_SECONDS'] ?? 10);

describe.skipIf(!loadNativeBackend())('the binding of the native module', () => {
  let native: NativeModule;
  let folder: string;

  beforeAll(async () => {
    native = createRequire(import.meta.url)(modulePath) as NativeModule;
    folder = await mkdtemp(path.join(tmpdir(), 'perch-binding-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const values = Float32Array.from({ length: 3 * 9 * 9 }, (_, index) => (index * 7) % 11);
  const features = { values, channels: 3, height: 9, width: 9 };
  const parameters = { patchSize: 5, sigma: 6 };
  const execution = { threads: 1 };

  /** The features with `values` of a type that TypeScript would not allow. */
  const featuresOn = (other: unknown) => ({ ...features, values: other as Float32Array });

  it.each([
    ['a Float64Array', () => new Float64Array(243), TypeError, 'features.values must be a Float32Array.'],
    ['a plain array', () => Array.from(values), TypeError, 'features.values must be a Float32Array.'],
    [
      'shared memory',
      () => new Float32Array(new SharedArrayBuffer(972)),
      TypeError,
      'features.values must not be on a SharedArrayBuffer.',
    ],
    [
      'a resizable buffer',
      () => new Float32Array(new ArrayBuffer(972, { maxByteLength: 2000 })),
      TypeError,
      'features.values must not be on a resizable ArrayBuffer.',
    ],
    ['a detached array', () => detached(), RangeError, 'features.values has 0 elements, not 3 x 9 x 9.'],
  ])('rejects features on %s', (_, make, type, message) => {
    const error = caught(() => native.medianReference(featuresOn(make()), 5, execution));
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ message, code: 'INVALID_ARGUMENT' });
  });

  it('reads the values after all getters, which may detach them', () => {
    const own = values.slice();
    const hostile = {
      ...features,
      values: own,
      get width() {
        structuredClone(own.buffer, { transfer: [own.buffer] });
        return 9;
      },
    };
    expect(() => native.medianReference(hostile, 5, execution)).toThrow('features.values has 0 elements');
  });

  it.each([
    ['a global mean', { kind: 'global' }, 'reference.kind must be one of: all, nearest, indices.'],
    ['an unknown kind', { kind: 'some' }, 'reference.kind must be one of: global, all, nearest, indices.'],
    ['a number as kind', { kind: 1 }, 'reference.kind must be a string.'],
    ['no indices', { kind: 'indices', indices: new Uint32Array() }, 'reference.indices must not be empty.'],
    [
      'indices of another type',
      { kind: 'indices', indices: [0] },
      'reference.indices must be a Uint32Array.',
    ],
    ['zero neighbors', { kind: 'nearest', k: 0 }, 'reference.k is 0; it must be an integer of at least 1.'],
    [
      'half a neighbor',
      { kind: 'nearest', k: 0.5 },
      'reference.k is 0.5; it must be an integer of at least 1.',
    ],
    ['undefined', undefined, 'reference must be an object.'],
  ])('rejects %s as the reference of swwWithReferences', (_, reference, message) => {
    const error = caught(() => native.swwWithReferences(features, reference as never, parameters, execution));
    expect(error).toMatchObject({ message, code: 'INVALID_ARGUMENT' });
  });

  it.each([
    ['an unknown instruction set', { threads: 1, isa: 'sse9' }, /^execution\.isa must be one of/],
    ['too many threads', { threads: 2 ** 31 - 1 }, /^execution\.threads is 2147483647; .* from 1 to 1024\.$/],
    [
      'a progress callback that is not a function',
      { threads: 1, onProgress: 1 },
      /^execution\.onProgress must be/,
    ],
  ])('rejects %s', (_, invalid, message) => {
    expect(() => native.medianReference(features, 5, invalid as never)).toThrow(message);
  });

  it('rejects negative sides, even if their product is right', () => {
    const sweep = new native.ThresholdSweep();
    const error = caught(() => sweep.add(new Float32Array(4), new Uint8Array(4), -2, -2));
    expect(error).toBeInstanceOf(RangeError);
    expect(error).toMatchObject({ message: 'width is -2; it must be an integer of at least 0.' });
  });

  it('rejects scores or ground truth of the wrong length', () => {
    const sweep = new native.ThresholdSweep();
    expect(() => sweep.add(new Float32Array(4), new Uint8Array(3), 2, 2)).toThrow(
      'groundTruth has 3 elements, not 2 x 2.',
    );
    expect(() => sweep.add(new Float32Array(5), new Uint8Array(4), 2, 2)).toThrow(
      'scores has 5 elements, not 2 x 2.',
    );
  });

  it.each([
    ['a mask of the wrong length', [new Uint8Array(3), {}], 'mask has 3 elements, not 2 x 2.'],
    ['a mask of another type', [[1, 1, 1, 1], {}], 'mask must be a Uint8Array.'],
    ['null as the mask', [null, {}], 'mask must be a Uint8Array.'],
    [
      'half a position',
      [undefined, { minArea: 1.5 }],
      'options.minArea is 1.5; it must be an integer of at least 1.',
    ],
    ['no area', [undefined, { minArea: 0 }], 'options.minArea is 0; it must be an integer of at least 1.'],
    [
      'a negative length',
      [undefined, { minLength: -1 }],
      'options.minLength is -1; it must be a finite number above zero or zero.',
    ],
    [
      'an infinite scale',
      [undefined, { pixelsPerRow: Infinity }],
      'options.pixelsPerRow is Infinity; it must be a finite number above zero.',
    ],
    ['another shape', [undefined, { width: 3 }], 'scores has 4 elements, not 2 x 3.'],
    [
      'a map without rows',
      [undefined, { height: 0 }],
      'options.height is 0; it must be an integer of at least 1.',
    ],
  ])('rejects %s for an image score', (_, [mask, invalid], message) => {
    const options = { width: 2, height: 2, minArea: 1, minLength: 0, pixelsPerColumn: 1, pixelsPerRow: 1 };
    const score = () =>
      native.imageScore(Float32Array.of(1, 2, 3, 4), mask as never, { ...options, ...(invalid as object) });
    expect(caught(score)).toMatchObject({ message, code: 'INVALID_ARGUMENT' });
    const measure = () =>
      native.measureRegions(Float32Array.of(1, 2, 3, 4), mask as never, 1, {
        ...options,
        ...(invalid as object),
      });
    expect(caught(measure)).toMatchObject({ message, code: 'INVALID_ARGUMENT' });
  });

  it('rejects NaN as a threshold of regions', () => {
    const options = { width: 1, height: 1, minArea: 1, minLength: 0, pixelsPerColumn: 1, pixelsPerRow: 1 };
    const measure = () => native.measureRegions(Float32Array.of(1), undefined, NaN, options);
    expect(caught(measure)).toMatchObject({ message: 'threshold is NaN; it must be a number.' });
  });

  it.each([
    ['rows of the wrong length', { count: 3 }, 'memory.values has 4 elements, not 3 x 2.'],
    ['rows of no length', { length: 0 }, 'memory.length is 0; it must be an integer of at least 1.'],
    ['plain arrays', { values: [1, 2, 3, 4] }, 'memory.values must be a Float32Array.'],
  ])('rejects %s as a memory', (_, invalid, message) => {
    const rows = { values: new Float32Array(4), count: 2, length: 2 };
    const call = () => native.nearestDistances(rows, { ...rows, ...invalid } as never, execution);
    expect(caught(call)).toMatchObject({ message, code: 'INVALID_ARGUMENT' });
  });

  it.each([
    ['no list', features, { sides: Uint32Array.of(1), layers: 1 }, 'others must be an array.'],
    ['plain sides', [features], { sides: [1], layers: 1 }, 'scales.sides must be a Uint32Array.'],
    [
      'no sides',
      [features],
      { sides: Uint32Array.of(), layers: 1 },
      'scales.sides must have 1 to 9 elements.',
    ],
    [
      'half a layer',
      [features],
      { sides: Uint32Array.of(1), layers: 0.5 },
      'scales.layers is 0.5; it must be an integer of at least 1.',
    ],
  ])('rejects %s for mutual distances', (_, others, scales, message) => {
    const call = () => native.mutualDistances(features, others as never, scales as never, execution);
    expect(caught(call)).toMatchObject({ message, code: 'INVALID_ARGUMENT' });
  });

  it('does not mix the images of overlapping sweeps', async () => {
    const sweep = new native.ThresholdSweep();
    sweep.add(Float32Array.of(1, 2), Uint8Array.of(0, 1), 2, 1);
    const first = sweep.operatingPoints(execution);
    sweep.add(Float32Array.of(4, 3, 2, 1), Uint8Array.of(1, 0, 1, 0), 2, 2);
    const second = sweep.operatingPoints(execution);
    expect((await first.promise).length).toBe(4 * 3);
    expect((await second.promise).length).toBe(4 * 5);
  });

  it(
    'returns a result or throws an Error for random arguments, and never ends the process',
    { timeout: 1000 * (fuzzSeconds + 60) },
    async () => {
      const log = path.join(folder, 'call.json');
      const script = path.join(import.meta.dirname, 'fuzz-binding.ts');
      const child = spawn(process.execPath, [script, '--seconds', String(fuzzSeconds), '--log', log]);
      let output = '';
      child.stdout.on('data', (text: Buffer) => (output += text.toString()));
      child.stderr.on('data', (text: Buffer) => (output += text.toString()));
      const outcome = await new Promise((resolve) => {
        child.on('close', (code, signal) => resolve(signal ?? code));
      });
      const report = `${output}\nLast call: ${readFileSync(log, 'utf8').slice(0, 5000)}`;
      expect(outcome, report).toBe(0);
      expect(Number(/(\d+) with a result/.exec(output)?.[1]), output).toBeGreaterThan(50);
    },
  );
});

function detached(): Float32Array {
  const array = new Float32Array(243);
  structuredClone(array.buffer, { transfer: [array.buffer] });
  return array;
}

function caught(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}
