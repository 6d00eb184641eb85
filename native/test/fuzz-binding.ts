/**
 * Calls the native module with random arguments, many of them invalid, for a limited time. A call must return
 * a result of the right size or throw (or reject with) an Error; it must never end the process. Run it in a
 * separate process:
 *
 *     node native/test/fuzz-binding.ts [--seconds 10] [--seed 1] [--module PATH] [--log PATH]
 *
 * The log contains the call in progress, so that it can be identified after a crash.
 */
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parseArgs } from 'node:util';
import fc from 'fast-check';

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 1e9) },
    module: { type: 'string', default: path.join(import.meta.dirname, '../build/Release/perch.node') },
    log: { type: 'string' },
  },
});

type NativeFunction = (...parameters: unknown[]) => unknown;
interface NativeJob {
  promise: Promise<Float32Array | Float64Array>;
  cancel(): void;
}

const native = createRequire(import.meta.url)(options.module) as Record<string, NativeFunction> & {
  isas: readonly string[];
  ThresholdSweep: new (...parameters: unknown[]) => Record<'add' | 'operatingPoints', NativeFunction>;
};

/** A value as plain data, so that a failing call can be printed and repeated. */
type Description =
  | { is: 'value'; value: unknown }
  | { is: 'number'; value: string }
  | { is: 'special'; name: string }
  | { is: 'array'; type: keyof typeof arrays; memory: Memory; values: number[] }
  | { is: 'object'; entries: [string, Description][] }
  | { is: 'list'; elements: Description[] };

type Memory = 'own' | 'shared' | 'resizable' | 'detached' | 'part';

const arrays = {
  Float32Array,
  Float64Array,
  Uint8Array,
  Uint8ClampedArray,
  Int8Array,
  Int32Array,
  Uint32Array,
  BigInt64Array,
  ...('Float16Array' in globalThis && {
    Float16Array: (globalThis as unknown as { Float16Array: typeof Float32Array }).Float16Array,
  }),
};

const specials: Record<string, () => unknown> = {
  undefined: () => undefined,
  symbol: () => Symbol('s'),
  bigint: () => 10n,
  function: () => () => {},
  throwingFunction: () => () => {
    throw new Error('from the callback');
  },
  throwingProxy: () =>
    new Proxy(
      {},
      {
        get() {
          throw new Error('from the proxy');
        },
      },
    ),
  revokedProxy: () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  },
  date: () => new Date(0),
  dataView: () => new DataView(new ArrayBuffer(8)),
  buffer: () => Buffer.alloc(16),
  nullPrototype: () => Object.create(null) as unknown,
};

function build(description: Description): unknown {
  switch (description.is) {
    case 'value':
      return description.value;
    case 'number':
      return Number(description.value);
    case 'special':
      return specials[description.name]();
    case 'array':
      return buildArray(description);
    case 'object':
      return Object.fromEntries(description.entries.map(([key, value]) => [key, build(value)]));
    case 'list':
      return description.elements.map(build);
  }
}

function buildArray({ type, memory, values }: Extract<Description, { is: 'array' }>): unknown {
  const Type = arrays[type] as typeof Float32Array;
  const numbers = (type === 'BigInt64Array' ? values.map(() => 1n) : values) as number[];
  const own = Type.from(numbers);
  const bytes = own.byteLength;
  if (memory === 'own') return own;
  if (memory === 'detached') {
    structuredClone(own.buffer, { transfer: [own.buffer] });
    return own;
  }
  if (memory === 'part') {
    const part = new Type(
      new ArrayBuffer(bytes + 4 * own.BYTES_PER_ELEMENT),
      2 * own.BYTES_PER_ELEMENT,
      own.length,
    );
    part.set(own);
    return part;
  }
  const buffer =
    memory === 'shared'
      ? new SharedArrayBuffer(bytes)
      : new ArrayBuffer(bytes, { maxByteLength: bytes + 64 });
  const array = new Type(buffer as ArrayBuffer);
  array.set(own);
  return array;
}

const number = fc.oneof(
  fc.constantFrom(
    '0',
    '-0',
    '-1',
    '-2',
    '1',
    '2',
    '3',
    '5',
    '7',
    '9',
    '1.5',
    '31',
    '33',
    '256',
    '257',
    '1025',
  ),
  fc.constantFrom('NaN', 'Infinity', '-Infinity', '2147483647', '2147483648', '4294967295', '4294967296'),
  fc.constantFrom('9007199254740993', '1e308', '-1e308', '5e-324', '1e-200', '-2147483648'),
);
const float = fc.oneof(
  { weight: 8, arbitrary: fc.float({ noNaN: true, min: -4, max: 4 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 3e38, -3e38, 1e-45, 1e20) },
);
const memory = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom<Memory>('own', 'part') },
  { weight: 1, arbitrary: fc.constantFrom<Memory>('shared', 'resizable', 'detached') },
);
const anything: fc.Arbitrary<Description> = fc.oneof(
  fc.record({ is: fc.constant('number' as const), value: number }),
  fc.record({ is: fc.constant('special' as const), name: fc.constantFrom(...Object.keys(specials)) }),
  fc.record({
    is: fc.constant('value' as const),
    value: fc.constantFrom<unknown>(null, true, '', 'all', 'avx2', '__proto__', [], {}, [1, 2]),
  }),
  fc.record({
    is: fc.constant('array' as const),
    type: fc.constantFrom(...(Object.keys(arrays) as (keyof typeof arrays)[])),
    memory,
    values: fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 40 }),
  }),
);

/** A valid value most of the time; otherwise any value. */
function mostly(valid: fc.Arbitrary<Description>, weight = 20): fc.Arbitrary<Description> {
  return fc.oneof({ weight, arbitrary: valid }, { weight: 1, arbitrary: anything });
}

const constant = (value: unknown) => fc.constant<Description>({ is: 'value', value });
const oneOf = (...values: unknown[]) =>
  fc.constantFrom(...values).map((value): Description => ({ is: 'value', value }));

function object(entries: Record<string, fc.Arbitrary<Description>>): fc.Arbitrary<Description> {
  const keys = Object.keys(entries);
  return fc.tuple(...keys.map((key) => entries[key])).map((values): Description => ({
    is: 'object',
    entries: keys.map((key, index) => [key, values[index]]),
  }));
}

function array(type: keyof typeof arrays, values: fc.Arbitrary<number[]>): fc.Arbitrary<Description> {
  return fc
    .tuple(memory, values)
    .map(([where, list]): Description => ({ is: 'array', type, memory: where, values: list }));
}

const shape = fc.record({
  channels: fc.integer({ min: 1, max: 4 }),
  height: fc.integer({ min: 1, max: 14 }),
  width: fc.integer({ min: 1, max: 14 }),
  patchSize: fc.constantFrom(3, 3, 5, 5, 7, 9, 11, 17, 31),
});

const functions = [
  'medianReference',
  'meanReference',
  'fca',
  'qfca',
  'sww',
  'fcaWithReferences',
  'swwWithReferences',
  'moments',
  'histogram',
  'knnMeanDistances',
] as const;

const execution = mostly(
  object({
    threads: mostly(oneOf(1, 2, 3)),
    isa: mostly(oneOf(undefined, 'auto', ...native.isas)),
    onProgress: mostly(oneOf(undefined)),
  }),
);

/** Distinct numbers in ascending order. */
const ascending = (numbers: number[]) => [...new Set(numbers)].sort((a, b) => a - b);

const statisticCall = fc
  .tuple(fc.constantFrom(...functions), shape)
  .chain(([name, { channels, height, width, patchSize }]) => {
    const length = channels * height * width;
    const features = mostly(
      object({
        values: mostly(array('Float32Array', fc.array(float, { minLength: length, maxLength: length }))),
        channels: mostly(constant(channels)),
        height: mostly(constant(height)),
        width: mostly(constant(width)),
      }),
    );
    const lists = fc
      .array(fc.float({ noNaN: true, min: -4, max: 4 }), {
        minLength: patchSize ** 2,
        maxLength: patchSize ** 2,
      })
      .map((list) => Array.from({ length: channels }, () => list.toSorted((a, b) => a - b)).flat());
    const indices = fc.array(fc.integer({ min: 0, max: height * width }), { maxLength: 5 });
    const part = fc.oneof(
      constant(undefined),
      mostly(array('Uint32Array', fc.array(fc.integer({ min: 0, max: height * width })).map(ascending))),
    );
    const references = mostly(
      fc.oneof(
        object({ kind: mostly(oneOf('all', 'global')), among: part }),
        object({ kind: constant('nearest'), k: mostly(oneOf(1, 2, 10, 2147483647)), among: part }),
        object({ kind: constant('indices'), indices: mostly(array('Uint32Array', indices)) }),
      ),
    );
    const parameters = mostly(
      object({
        patchSize: mostly(constant(patchSize)),
        sigma: mostly(oneOf(6, 0.5, 1e-200, 1e200)),
        sigmaP: mostly(oneOf(3, 1e-200, 1e200)),
        sigmaS: mostly(oneOf(0, 1)),
        bins: mostly(oneOf(2, 10, 256)),
        levels: mostly(oneOf(2, 96, 128)),
      }),
    );
    const reference = ['fca', 'qfca', 'sww'].includes(name)
      ? mostly(array('Float32Array', lists))
      : references;
    const all = name.endsWith('Reference')
      ? fc.tuple(features, mostly(constant(patchSize)), execution, part)
      : fc.tuple(features, reference, parameters, execution);
    return fc.record({
      name: fc.constant(name),
      cancel: fc.boolean(),
      parameters: all as fc.Arbitrary<Description[]>,
    });
  });

const sweepCall = fc.record({
  name: fc.constant('ThresholdSweep' as const),
  images: fc.array(
    fc
      .record({ height: fc.integer({ min: 0, max: 9 }), width: fc.integer({ min: 0, max: 9 }) })
      .chain(({ height, width }) => {
        const length = height * width;
        return fc.tuple(
          mostly(array('Float32Array', fc.array(float, { minLength: length, maxLength: length }))),
          mostly(
            array(
              'Uint8Array',
              fc.array(fc.integer({ min: 0, max: 1 }), { minLength: length, maxLength: length }),
            ),
          ),
          mostly(constant(width)),
          mostly(constant(height)),
        );
      }),
    { maxLength: 4 },
  ),
  execution,
});

const regionCall = fc
  .tuple(fc.constantFrom('imageScore' as const, 'measureRegions' as const), shape)
  .chain(([name, { height, width }]) => {
    const length = { minLength: height * width, maxLength: height * width };
    const scores = mostly(array('Float32Array', fc.array(float, length)));
    const mask = mostly(
      fc.oneof(constant(undefined), array('Uint8Array', fc.array(fc.constantFrom(0, 1, 255), length))),
    );
    const limits = mostly(
      object({
        width: mostly(constant(width)),
        height: mostly(constant(height)),
        minArea: mostly(oneOf(1, 3, 9, 2147483647)),
        minLength: mostly(oneOf(0, 4, 1e-200, 1e308)),
        pixelsPerColumn: mostly(oneOf(1, 8, 1e-300, 1e308)),
        pixelsPerRow: mostly(oneOf(1, 7.5)),
      }),
    );
    const threshold = mostly(oneOf(0, 1.5, -3, Infinity));
    const all =
      name === 'imageScore' ? fc.tuple(scores, mask, limits) : fc.tuple(scores, mask, threshold, limits);
    return fc.record({
      name: fc.constant(name),
      cancel: fc.constant(false),
      parameters: all as fc.Arbitrary<Description[]>,
    });
  });

const rowsOf = (count: number, length: number) =>
  mostly(
    object({
      values: mostly(
        array('Float32Array', fc.array(float, { minLength: count * length, maxLength: count * length })),
      ),
      count: mostly(constant(count)),
      length: mostly(constant(length)),
    }),
  );

const mapOf = (channels: number, height: number, width: number) =>
  mostly(
    object({
      values: mostly(
        array(
          'Float32Array',
          fc.array(float, { minLength: channels * height * width, maxLength: channels * height * width }),
        ),
      ),
      channels: mostly(constant(channels)),
      height: mostly(constant(height)),
      width: mostly(constant(width)),
    }),
  );

const comparisonCall = fc
  .tuple(
    fc.constantFrom('nearestDistances' as const, 'mutualDistances' as const, 'residualEnergy' as const),
    fc.integer({ min: 1, max: 6 }),
    fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 4, maxLength: 4 }),
  )
  .chain(([name, channels, [a, b, c, d]]) => {
    const scales = mostly(
      object({
        layers: mostly(oneOf(1, 2, 2147483647)),
        sides: mostly(array('Uint32Array', fc.constantFrom([1], [1, 3], [5, 9], [3, 1], [2], []))),
      }),
    );
    const others: fc.Arbitrary<Description> = fc
      .array(mapOf(channels, c, d), { maxLength: 3 })
      .map((elements) => ({ is: 'list', elements }));
    const mean = mostly(array('Float64Array', fc.array(float, { minLength: channels, maxLength: channels })));
    const all = {
      nearestDistances: fc.tuple(rowsOf(a, channels), rowsOf(c * d, channels), execution),
      mutualDistances: fc.tuple(mapOf(channels, a, b), mostly(others), scales, execution),
      residualEnergy: fc.tuple(mapOf(channels, a, b), mean, rowsOf(channels - 1, channels), execution),
    }[name];
    return fc.record({
      name: fc.constant(name),
      cancel: fc.boolean(),
      parameters: all as fc.Arbitrary<Description[]>,
    });
  });

const log = options.log === undefined ? undefined : openSync(options.log, 'w');
let calls = 0;
let results = 0;

/** Makes the call. Rejects if the outcome is neither a result nor an Error. */
async function perform(call: Record<string, unknown>, start: () => unknown): Promise<void> {
  calls++;
  if (log !== undefined) {
    ftruncateSync(log, 0);
    writeSync(log, JSON.stringify(call), 0);
  }
  let outcome: unknown;
  try {
    outcome = start();
    if (isJob(outcome)) {
      if (call['cancel'] === true) outcome.cancel();
      outcome = await outcome.promise;
      outcome satisfies unknown;
    }
  } catch (error) {
    if (error instanceof Error) return;
    throw new Error(`not an Error: ${String(error)}`, { cause: error });
  }
  const isResult = outcome === null ? call['name'] === 'imageScore' : typeof outcome === 'object';
  if (!isResult) throw new Error(`not a result: ${String(outcome)}`);
  results++;
}

function isJob(outcome: unknown): outcome is NativeJob {
  return typeof outcome === 'object' && outcome !== null && 'promise' in outcome;
}

async function performSweep(call: { images: Description[][]; execution: Description }): Promise<void> {
  const sweep = new native.ThresholdSweep();
  const jobs: Promise<void>[] = [];
  for (const image of call.images) await perform(call, () => sweep.add(...image.map(build)));
  // Overlapping calls, where the second job must not see the images of the first.
  for (let i = 0; i < 2; i++) jobs.push(perform(call, () => sweep.operatingPoints(build(call.execution))));
  for (const image of call.images) await perform(call, () => sweep.add(...image.map(build)));
  await Promise.all(jobs);
}

const seed = Number(options.seed);
console.log(`Fuzzing the native module for ${options.seconds} s with seed ${seed}.`);
await fc.assert(
  fc.asyncProperty(
    fc.array(
      fc.oneof(
        { weight: 4, arbitrary: statisticCall },
        { weight: 2, arbitrary: comparisonCall },
        { weight: 1, arbitrary: sweepCall },
        { weight: 1, arbitrary: regionCall },
      ),
      { minLength: 1, maxLength: 4 },
    ),
    async (concurrent) => {
      const running = concurrent.map((call) =>
        call.name === 'ThresholdSweep'
          ? performSweep(call)
          : perform(call, () => native[call.name](...call.parameters.map(build))),
      );
      await Promise.all(running);
    },
  ),
  {
    seed,
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: 1000 * Number(options.seconds),
    markInterruptAsFailure: false,
  },
);
if (log !== undefined) closeSync(log);
console.log(`${calls} calls, ${results} with a result.`);
