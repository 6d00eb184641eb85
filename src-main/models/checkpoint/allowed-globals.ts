import type { Dtype } from './dtypes.ts';
import { Callable, Dict, List, StorageReference, TensorReference, Tuple } from './pickle-values.ts';
import type { PickleValue, Storage } from './pickle-values.ts';
import type { ErrorFactory } from './random-access-file.ts';

// What a state dict may refer to by name. Calling one of these makes a value of ours; nothing of Python is looked up.

/** The classes that say what type a storage's elements are, in the module `torch` (or `torch.cuda`). */
const STORAGE_TYPES: Record<string, Dtype> = {
  DoubleStorage: 'float64',
  FloatStorage: 'float32',
  HalfStorage: 'float16',
  BFloat16Storage: 'bfloat16',
  LongStorage: 'int64',
  IntStorage: 'int32',
  ShortStorage: 'int16',
  CharStorage: 'int8',
  ByteStorage: 'uint8',
  BoolStorage: 'bool',
};

type Constructor = (args: readonly PickleValue[], refuse: ErrorFactory) => PickleValue;

const constructors: Record<string, Constructor> = {
  'collections.OrderedDict': orderedDict,
  'torch.Size': ([sizes = new Tuple([])]) => sizes,
  'torch._utils._rebuild_tensor': rebuildTensor,
  'torch._utils._rebuild_tensor_v2': rebuildTensor,
  'torch._utils._rebuild_parameter': ([tensor], refuse) => expectTensor(tensor, refuse),
  // As PyTorch wrote parameters before 0.4; the published VGG networks are that old.
  'torch.nn.parameter.Parameter': ([tensor], refuse) => expectTensor(tensor, refuse),
};

/** Dimensions of a tensor; the networks that anyone loads have up to five. */
const MAX_DIMENSIONS = 8;

/** The global of that name, if a state dict needs it. @throws PerchError `CHECKPOINT_REFUSED` naming it */
export function resolveGlobal(module: string, name: string, refuse: ErrorFactory): Callable {
  const global = `${module}.${name}`;
  if (Object.hasOwn(constructors, global) || storageType(global)) return new Callable(global);
  throw refuse(
    `it refers to ${JSON.stringify(global.slice(0, 200))}, which no state dict of weights needs (a checkpoint that ` +
      "holds more has to be saved as its model's state_dict() alone)",
  );
}

/** Calls an allowed global with the arguments of the pickle. */
export function callGlobal(callable: PickleValue, args: PickleValue, refuse: ErrorFactory): PickleValue {
  if (!(callable instanceof Callable) || !(args instanceof Tuple)) {
    throw refuse('it calls something that is not a function');
  }
  if (!Object.hasOwn(constructors, callable.name)) throw refuse(`it calls ${callable.name}`);
  return constructors[callable.name](args.items, refuse);
}

/**
 * Sets the attributes of an object. Those that PyTorch sets say nothing about weights: of an OrderedDict its metadata, of
 * an old parameter whether it had a gradient.
 */
export function setState(target: PickleValue, state: PickleValue, refuse: ErrorFactory): void {
  if (target instanceof Dict && (state instanceof Dict || state === null)) return;
  if (target instanceof TensorReference && state instanceof Tuple && state.items.length === 3) return;
  throw refuse('it sets the state of something that is neither a dict nor a parameter');
}

/** The storage that a persistent id stands for: ('storage', type, key, device, count[, view]). */
export function resolveStorage(id: PickleValue, refuse: ErrorFactory): Storage {
  const [tag, type, key, , count, view = null] = id instanceof Tuple ? id.items : [];
  const elements = type instanceof Callable ? storageType(type.name) : undefined;
  if (tag !== 'storage' || !elements || typeof key !== 'string' || !/^[\w-]{1,64}$/.test(key)) {
    throw refuse('it refers to a storage in an unknown way');
  }
  if (!isSize(count)) throw refuse(`storage ${key} has the size ${String(count)}`);
  const start = view === null ? 0 : view instanceof Tuple ? view.items[1] : undefined;
  if (!isSize(start) || start > count) throw refuse(`a view of storage ${key} lies outside it`);
  return { key, type: elements, count, start };
}

function orderedDict(args: readonly PickleValue[], refuse: ErrorFactory): Dict {
  const dict = new Dict();
  if (args.length === 0) return dict;
  const [pairs] = args;
  if (!(pairs instanceof List)) throw refuse('it makes an OrderedDict of something that is no list');
  for (const pair of pairs.items) {
    const items = pair instanceof List || pair instanceof Tuple ? pair.items : [];
    if (items.length !== 2) throw refuse('it makes an OrderedDict of something that is no list of pairs');
    dict.set(items[0], items[1], refuse);
  }
  return dict;
}

function rebuildTensor(args: readonly PickleValue[], refuse: ErrorFactory): TensorReference {
  const [reference, offset, shape, strides] = args;
  if (!(reference instanceof StorageReference)) throw refuse('it makes a tensor without a storage');
  const { storage } = reference;
  const sides = sizes(shape, refuse);
  const steps = sizes(strides, refuse);
  if (!isSize(offset) || sides.length !== steps.length || sides.length > MAX_DIMENSIONS) {
    throw refuse(`a tensor in storage ${storage.key} is malformed`);
  }
  const tensor = new TensorReference(storage, storage.start + offset, sides, steps);
  const end = tensor.offset + extentOf(tensor);
  if (!isSize(end) || end > storage.count) {
    throw refuse(
      `a tensor of [${sides.join(', ')}] reaches to element ${end} of storage ${storage.key}, which has ${storage.count}`,
    );
  }
  return tensor;
}

/** Elements of the storage from a tensor's first to its last. */
export function extentOf({ shape, strides }: TensorReference): number {
  if (shape.includes(0)) return 0;
  return shape.reduce((last, side, axis) => last + (side - 1) * strides[axis], 1);
}

function expectTensor(value: PickleValue, refuse: ErrorFactory): TensorReference {
  if (value instanceof TensorReference) return value;
  throw refuse('it makes a parameter of something that is no tensor');
}

function sizes(value: PickleValue, refuse: ErrorFactory): number[] {
  const items = value instanceof Tuple ? value.items : [undefined];
  if (items.length > MAX_DIMENSIONS || !items.every(isSize))
    throw refuse('the shape of a tensor is malformed');
  return [...items];
}

function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function storageType(global: string): Dtype | undefined {
  const [, name] = /^torch\.(?:cuda\.)?(\w+)$/.exec(global) ?? [];
  return name !== undefined && Object.hasOwn(STORAGE_TYPES, name) ? STORAGE_TYPES[name] : undefined;
}
