import type { Dtype } from './dtypes.ts';
import { Callable, Dict, List, StorageReference, TensorReference, Tuple } from './pickle-values.ts';
import type { PickleValue, Storage } from './pickle-values.ts';
import type { ErrorFactory } from './random-access-file.ts';

// The only globals that a pickle may refer to. Calling one creates a value of Perch. Python code is never looked up.

/** Storage classes of the module `torch` (or `torch.cuda`), which determine the element type. */
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

type Constructor = (args: readonly PickleValue[], error: ErrorFactory) => PickleValue;

const allowedGlobals: Record<string, Constructor> = {
  'collections.OrderedDict': orderedDict,
  'torch.Size': ([sizes = new Tuple([])]) => sizes,
  'torch._utils._rebuild_tensor': rebuildTensor,
  'torch._utils._rebuild_tensor_v2': rebuildTensor,
  'torch._utils._rebuild_parameter': ([tensor], error) => expectTensor(tensor, error),
  // The form of parameters before PyTorch 0.4, which the published VGG networks use.
  'torch.nn.parameter.Parameter': ([tensor], error) => expectTensor(tensor, error),
};

/** Largest number of dimensions of a tensor. Common networks have up to five. */
const MAX_DIMENSIONS = 8;

/** Resolves a global that a state dict needs. @throws PerchError `CHECKPOINT_REFUSED` for any other global, with its name */
export function resolveGlobal(module: string, name: string, error: ErrorFactory): Callable {
  const global = `${module}.${name}`;
  if (Object.hasOwn(allowedGlobals, global) || storageType(global)) return new Callable(global);
  throw error(
    `it refers to ${JSON.stringify(global.slice(0, 200))}, which no state dict of weights needs (save only the model's ` +
      'state_dict())',
  );
}

/** Calls an allowed global with the arguments of the pickle. */
export function callGlobal(callable: PickleValue, args: PickleValue, error: ErrorFactory): PickleValue {
  if (!(callable instanceof Callable) || !(args instanceof Tuple)) {
    throw error('it calls a value that is not a function');
  }
  if (!Object.hasOwn(allowedGlobals, callable.name)) throw error(`it calls ${callable.name}`);
  return allowedGlobals[callable.name](args.items, error);
}

/**
 * Accepts and ignores the state that PyTorch sets: the metadata of an OrderedDict, and whether an old parameter had a gradient. Neither
 * affects weights.
 */
export function setState(target: PickleValue, state: PickleValue, error: ErrorFactory): void {
  if (target instanceof Dict && (state instanceof Dict || state === null)) return;
  if (target instanceof TensorReference && state instanceof Tuple && state.items.length === 3) return;
  throw error('it sets the state of a value that is neither a dict nor a parameter');
}

/** The storage for a persistent id: ('storage', type, key, device, count[, view]). */
export function resolveStorage(id: PickleValue, error: ErrorFactory): Storage {
  const [tag, type, key, , count, view = null] = id instanceof Tuple ? id.items : [];
  const elements = type instanceof Callable ? storageType(type.name) : undefined;
  if (tag !== 'storage' || !elements || typeof key !== 'string' || !/^[\w-]{1,64}$/.test(key)) {
    throw error('it refers to a storage in an unknown form');
  }
  if (!isSize(count)) throw error(`storage ${key} has the size ${String(count)}`);
  const start = view === null ? 0 : view instanceof Tuple ? view.items[1] : undefined;
  if (!isSize(start) || start > count) throw error(`a view of storage ${key} lies outside it`);
  return { key, type: elements, count, start };
}

function orderedDict(args: readonly PickleValue[], error: ErrorFactory): Dict {
  const dict = new Dict();
  if (args.length === 0) return dict;
  const [pairs] = args;
  if (!(pairs instanceof List)) throw error('it creates an OrderedDict from a value that is not a list');
  for (const pair of pairs.items) {
    const items = pair instanceof List || pair instanceof Tuple ? pair.items : [];
    if (items.length !== 2) throw error('it creates an OrderedDict from a value that is not a list of pairs');
    dict.set(items[0], items[1], error);
  }
  return dict;
}

function rebuildTensor(args: readonly PickleValue[], error: ErrorFactory): TensorReference {
  const [reference, offset, shape, strides] = args;
  if (!(reference instanceof StorageReference)) throw error('it creates a tensor without a storage');
  const { storage } = reference;
  const sides = sizes(shape, error);
  const steps = sizes(strides, error);
  if (!isSize(offset) || sides.length !== steps.length || sides.length > MAX_DIMENSIONS) {
    throw error(`a tensor in storage ${storage.key} is malformed`);
  }
  const tensor = new TensorReference(storage, storage.start + offset, sides, steps);
  const end = tensor.offset + extentOf(tensor);
  if (!isSize(end) || end > storage.count) {
    throw error(
      `a tensor of [${sides.join(', ')}] reaches to element ${end} of storage ${storage.key}, which has ${storage.count}`,
    );
  }
  return tensor;
}

/** Number of storage elements from the first to the last element of a tensor. */
export function extentOf({ shape, strides }: TensorReference): number {
  if (shape.includes(0)) return 0;
  return shape.reduce((last, side, axis) => last + (side - 1) * strides[axis], 1);
}

function expectTensor(value: PickleValue, error: ErrorFactory): TensorReference {
  if (value instanceof TensorReference) return value;
  throw error('it creates a parameter from a value that is not a tensor');
}

function sizes(value: PickleValue, error: ErrorFactory): number[] {
  const items = value instanceof Tuple ? value.items : [undefined];
  if (items.length > MAX_DIMENSIONS || !items.every(isSize))
    throw error('the shape of a tensor is malformed');
  return [...items];
}

function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function storageType(global: string): Dtype | undefined {
  const [, name] = /^torch\.(?:cuda\.)?(\w+)$/.exec(global) ?? [];
  return name !== undefined && Object.hasOwn(STORAGE_TYPES, name) ? STORAGE_TYPES[name] : undefined;
}
