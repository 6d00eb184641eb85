import { describe, expect, it } from 'vitest';
import { PerchError } from '../../common/api/errors.ts';
import { Dict, TensorReference } from './pickle-values.ts';
import type { PickleValue } from './pickle-values.ts';
import * as p from './test/pickle.ts';
import { Unpickler } from './unpickler.ts';

const error = (reason: string) => new PerchError('CHECKPOINT_REFUSED', reason);
const unpickle = (bytes: Buffer): PickleValue => new Unpickler(bytes, error).next();
const command = p.tuple(p.text('touch /tmp/perch-was-here'));

describe('pickles that execute code', () => {
  it.each([
    ['GLOBAL and REDUCE', p.reduce(p.global('os', 'system'), command), /"os\.system"/],
    ['another name for it', p.reduce(p.global('posix', 'system'), command), /"posix\.system"/],
    ['eval', p.reduce(p.global('builtins', 'eval'), command), /"builtins\.eval"/],
    ['eval of Python 2', p.reduce(p.global('__builtin__', 'eval'), command), /"__builtin__\.eval"/],
    ['STACK_GLOBAL', p.reduce(p.stackGlobal('posix', 'system'), command), /"posix\.system"/],
    ['a global that is never called', p.global('subprocess', 'Popen'), /"subprocess\.Popen"/],
    ['INST', p.inst('os', 'system', p.text('true')), /INST of "os\.system"/],
    ['OBJ', p.obj(p.global('collections', 'OrderedDict')), /operation OBJ/],
    ['NEWOBJ', p.newObject(p.global('subprocess', 'Popen'), command), /"subprocess\.Popen"/],
    ['a dotted name', p.global('torch', 'serialization.os.system'), /"torch\.serialization\.os\.system"/],
    ['a nested pickle', p.reduce(p.global('torch.storage', '_load_from_bytes'), command), /_load_from_bytes/],
    ['a getter', p.reduce(p.global('builtins', 'getattr'), command), /"builtins\.getattr"/],
    [
      'a JavaScript property name',
      p.reduce(p.global('constructor', 'constructor'), command),
      /"constructor\.constructor"/,
    ],
    ['a property name of objects', p.global('torch', '__proto__'), /"torch\.__proto__"/],
    ['a registered extension', p.raw('\x82\x01'), /operation EXT1/],
    ['keyword arguments', p.raw('\x92'), /operation NEWOBJ_EX/],
  ])('are rejected: %s', (_, piece, reason) => {
    expect(() => unpickle(p.pickle(piece))).toThrow(reason);
  });

  it('are rejected anywhere in a state dict, with their position', () => {
    const evil = p.reduce(p.global('os', 'system'), command);
    const before = p.pickle(p.orderedDict([p.text('a'), p.integer(1)]));
    const state = p.orderedDict([p.text('a'), p.integer(1)], [p.text('b'), evil]);
    expect(() => unpickle(p.pickle(state))).toThrow(/"os\.system".*\(pickle, byte \d+\)/);
    expect(unpickle(before)).toBeInstanceOf(Dict);
  });

  it.each([
    ['of a list', p.build(p.list(), p.dict())],
    ['of a class', p.build(p.global('collections', 'OrderedDict'), p.dict([p.text('__setstate__'), p.none]))],
    ['of a dict, to another type', p.build(p.orderedDict(), p.text('x'))],
  ])('are rejected: BUILD %s', (_, piece) => {
    expect(() => unpickle(p.pickle(piece))).toThrow(/sets the state/);
  });

  it.each([
    ['a storage type', p.reduce(p.global('torch', 'FloatStorage'), p.tuple()), /calls torch\.FloatStorage/],
    ['a string', p.reduce(p.text('os.system'), command), /not a function/],
    [
      'an OrderedDict without arguments',
      p.reduce(p.global('collections', 'OrderedDict'), p.text('x')),
      /not a function/,
    ],
  ])('are rejected: a call of %s', (_, piece, reason) => {
    expect(() => unpickle(p.pickle(piece))).toThrow(reason);
  });
});

describe('pickles that exhaust time or memory', () => {
  const many = (text: string, count: number) => p.raw(text.repeat(count));

  it.each([
    ['marks in marks', many('(', 1000), /deeper/],
    ['a million empty tuples', many(')', 1_000_001), /more than 1000000 steps/],
    ['tuples in tuples', p.raw(`)${'\x85'.repeat(1_000_001)}`), /more than 1000000 steps/],
    ['a string of 2 GiB', p.raw('X\xff\xff\xff\x7f'), /string of 2147483647 bytes/],
    ['an integer of 255 bytes', p.raw('\x8a\xff'), /integer of 255 bytes/],
    ['an endless name', p.raw(`c${'a'.repeat(10_000)}`), /within a name/],
    ['a list inside itself', p.raw(']q\x00h\x00a'), /contains itself/],
    ['a dict inside itself', p.raw('}q\x00(X\x01\x00\x00\x00ah\x00u'), /contains itself/],
  ])('are rejected: %s', (_, piece, reason) => {
    expect(() => unpickle(p.pickle(piece))).toThrow(reason);
  });
});

describe('malformed pickles', () => {
  it.each([
    ['nothing on the stack', p.raw('R')],
    ['nothing at the end', p.raw('')],
    ['no mark', p.raw('t')],
    ['an empty slot', p.raw('h\x05')],
    ['more than one value', p.raw('NN')],
    ['an open mark', p.raw('(N')],
    ['a key without a value', p.raw('}(NNNu')],
    ['an item of a value that is not a dict', p.raw('](NNu')],
    ['an element of a value that is not a list', p.raw('}(Ne')],
    ['an unknown operation', p.raw('\xfe')],
    ['an invalid persistent id', p.raw('NQ')],
    ['an unknown protocol', p.raw('\x80\x63N')],
    [
      'a dict of values that are not pairs',
      p.reduce(p.global('collections', 'OrderedDict'), p.tuple(p.list(p.none))),
    ],
    [
      'a parameter without a tensor',
      p.reduce(p.global('torch._utils', '_rebuild_parameter'), p.tuple(p.none)),
    ],
  ])('are rejected: %s', (_, piece) => {
    expect(() => unpickle(p.pickle(piece))).toThrow(PerchError);
  });

  it('are rejected if they process the same values many times', () => {
    const items = 50_000;
    const pair = p.raw(')\x86'.replace(')', '))'));
    const pickle = p.raw(`](${pair.toString('latin1').repeat(items)}eq\x00`);
    const again = p.reduce(p.global('collections', 'OrderedDict'), p.tuple(p.raw('h\x00')));
    const sizes = p.raw(`(${'K\x01'.repeat(items)}tq\x01`);
    const storage = p.storage({ ...weight, shape: [1] });
    const tensor = p.tuple(storage, p.integer(0), p.raw('h\x01'), p.raw('h\x01'));
    const rebuilt = p.reduce(p.global('torch._utils', '_rebuild_tensor'), tensor);
    for (const [first, call] of [
      [pickle, again],
      [sizes, rebuilt],
      [sizes, p.reduce(p.global('torch', 'Size'), p.tuple(p.raw('h\x01')))],
    ]) {
      const start = performance.now();
      const calls = Array.from({ length: 10_000 }, () => call);
      expect(() => unpickle(p.pickle(p.list(first, ...calls)))).toThrow(/steps|malformed/);
      expect(performance.now() - start).toBeLessThan(3000);
    }
  });

  it('are rejected if a dict has keys whose hashes collide', () => {
    const key = p.integer(2n ** 100n);
    expect(() => unpickle(p.pickle(p.dict([key, p.none])))).toThrow(/key/);
  });

  it('are rejected if they read below a mark', () => {
    const below = p.raw('ccollections\nOrderedDict\n)(R');
    expect(() => unpickle(p.pickle(below))).toThrow(/reads beyond the start of its stack/);
  });

  it('are rejected if they are truncated, at any length', () => {
    const whole = p.pickle(p.orderedDict([p.text('w'), p.tensor({ ...weight, shape: [2, 3] })]));
    for (let length = 0; length < whole.length; length++) {
      expect(() => unpickle(whole.subarray(0, length))).toThrow(PerchError);
    }
  });
});

const weight = { key: '7', storage: 'FloatStorage', count: 6 };

describe('tensors', () => {
  it.each([
    ['an offset beyond the end', { offset: 1, shape: [2, 3] }, /reaches to element 7/],
    ['strides beyond the end', { shape: [2, 3], strides: [4, 1] }, /reaches to element 7/],
    ['a huge shape', { shape: [2 ** 31 - 1, 2 ** 31 - 1, 2 ** 31 - 1] }, /malformed|reaches to/],
    ['a negative side', { shape: [-1], strides: [1] }, /shape of a tensor is malformed/],
    ['a negative stride', { shape: [2], strides: [-1] }, /shape of a tensor is malformed/],
    ['fewer strides than sides', { shape: [2, 3], strides: [1] }, /is malformed/],
    ['nine dimensions', { shape: [1, 1, 1, 1, 1, 1, 1, 1, 1] }, /is malformed/],
    ['a negative storage size', { count: -1, shape: [1] }, /has the size -1/],
    ['a storage size beyond integers', { count: 2 ** 60, shape: [1] }, /has the size/],
    ['a path as a key', { key: '../../etc/passwd', shape: [1] }, /in an unknown form/],
  ])('are rejected: %s', (_, piece, reason) => {
    expect(() => unpickle(p.pickle(p.tensor({ ...weight, ...piece })))).toThrow(reason);
  });

  it('are rejected if two describe their storage differently', () => {
    const pair = p.tuple(p.tensor({ ...weight, shape: [6] }), p.tensor({ ...weight, count: 8, shape: [6] }));
    expect(() => unpickle(p.pickle(pair))).toThrow(/two different descriptions/);
  });

  it('are read in every form that PyTorch writes', () => {
    const plain = p.tensor({ ...weight, shape: [2, 3] });
    const oldArgs = p.tuple(
      p.storage({ ...weight, shape: [] }),
      p.integer(0),
      p.tuple(p.integer(6)),
      p.tuple(p.integer(1)),
    );
    const old = p.reduce(p.global('torch._utils', '_rebuild_tensor'), oldArgs);
    const oldState = p.tuple(p.yes, p.no, p.orderedDict());
    const pieces = [
      plain,
      old,
      p.reduce(p.global('torch._utils', '_rebuild_parameter'), p.tuple(plain, p.yes, p.orderedDict())),
      p.build(p.reduce(p.global('torch.nn.parameter', 'Parameter'), p.tuple(old)), oldState),
    ];
    for (const piece of pieces) expect(unpickle(p.pickle(piece))).toBeInstanceOf(TensorReference);
  });
});

it('reads a state dict without its metadata', () => {
  const metadata = p.dict([
    p.text('_metadata'),
    p.orderedDict([p.text(''), p.dict([p.text('version'), p.integer(1)])]),
  ]);
  const value = unpickle(p.pickle(p.build(p.orderedDict([p.text('n'), p.integer(-5)]), metadata)));
  expect(value).toBeInstanceOf(Dict);
  expect([...(value as Dict).entries]).toEqual([['n', -5]]);
});
