import type { Checkpoint, TensorDescription } from './checkpoint.ts';
import { extentOf } from './allowed-globals.ts';
import { dtypeBytes, isFloating, toFloat32 } from './dtypes.ts';
import { Dict, TensorReference } from './pickle-values.ts';
import type { PickleValue, Storage } from './pickle-values.ts';
import type { RandomAccessFile, ErrorFactory } from './random-access-file.ts';

/** Reads a range of a storage. Offset and length are in bytes. */
export type StorageReader = (storage: Storage, offset: number, length: number) => Promise<Uint8Array>;

/** Keys under which training scripts nest the state dict. */
const NESTED_UNDER = ['state_dict', 'model_state_dict', 'model'];

/** The prefix that `torch.nn.DataParallel` adds to every name. */
const PARALLEL_PREFIX = 'module.';

/** Largest ratio of the storage elements that a tensor spans to its own elements, which strides may skip. */
const MAX_EXTENT_RATIO = 4;

/** The tensors of a state dict, independent of the file format. */
export class PytorchCheckpoint implements Checkpoint {
  readonly tensors: ReadonlyMap<string, TensorDescription>;
  readonly #file: RandomAccessFile;
  readonly #references: ReadonlyMap<string, TensorReference>;
  readonly #readStorage: StorageReader;

  constructor(file: RandomAccessFile, state: PickleValue, readStorage: StorageReader) {
    this.#file = file;
    this.#references = tensorsOf(state, file.error);
    this.#readStorage = readStorage;
    this.tensors = new Map(
      [...this.#references].map(([name, { shape, storage }]) => [name, { shape, type: storage.type }]),
    );
  }

  async read(name: string): Promise<Float32Array> {
    const tensor = this.#references.get(name);
    if (!tensor) throw this.#file.error(`it has no tensor ${name}`);
    const { storage, offset, shape } = tensor;
    if (!isFloating(storage.type)) throw this.#file.error(`${name} is ${storage.type}, not floating-point`);
    const count = shape.reduce((product, side) => product * side, 1);
    if (count > storage.count) throw this.#file.error(`${name} has more elements than its storage`);
    const extent = extentOf(tensor);
    if (extent > MAX_EXTENT_RATIO * count)
      throw this.#file.error(`the ${count} elements of ${name} span ${extent} elements of its storage`);
    const size = dtypeBytes[storage.type];
    const values = toFloat32(await this.#readStorage(storage, offset * size, extent * size), storage.type);
    return gather(values, tensor, count);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file[Symbol.asyncDispose]();
  }
}

/** A tensor's values in row-major order, from the range of its storage. */
function gather(values: Float32Array, { shape, strides }: TensorReference, count: number): Float32Array {
  let step = 1;
  let contiguous = true;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    contiguous &&= shape[axis] === 1 || strides[axis] === step;
    step *= shape[axis];
  }
  if (contiguous) return values;
  const gathered = new Float32Array(count);
  const index = shape.map(() => 0);
  for (let i = 0, at = 0; i < count; i++) {
    gathered[i] = values[at];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis];
      if (++index[axis] < shape[axis]) break;
      at -= shape[axis] * strides[axis];
      index[axis] = 0;
    }
  }
  return gathered;
}

function tensorsOf(state: PickleValue, refuse: ErrorFactory): Map<string, TensorReference> {
  const named = directTensors(nested(state));
  if (!named || named.size === 0) throw refuse('it contains no state dict, that is, no named tensors');
  const parallel = [...named.keys()].every((name) => name.startsWith(PARALLEL_PREFIX));
  if (!parallel) return named;
  return new Map([...named].map(([name, tensor]) => [name.slice(PARALLEL_PREFIX.length), tensor]));
}

function nested(state: PickleValue): PickleValue {
  if (!(state instanceof Dict)) return state;
  const inner = NESTED_UNDER.map((key) => state.entries.get(key)).find((value) => value instanceof Dict);
  return inner ?? state;
}

function directTensors(state: PickleValue): Map<string, TensorReference> | undefined {
  if (!(state instanceof Dict)) return undefined;
  const named = new Map<string, TensorReference>();
  for (const [name, value] of state.entries) {
    if (typeof name === 'string' && value instanceof TensorReference) named.set(name, value);
  }
  return named;
}
