import type { Dtype } from './dtypes.ts';
import type { ErrorFactory } from './random-access-file.ts';

/** A Python tuple. */
export class Tuple {
  readonly items: readonly PickleValue[];

  constructor(items: readonly PickleValue[]) {
    this.items = items;
  }
}

/** A Python list. */
export class List {
  readonly items: PickleValue[] = [];
}

/** A Python dict or OrderedDict. */
export class Dict {
  readonly entries = new Map<PickleValue, PickleValue>();

  /** @throws PerchError `CHECKPOINT_REFUSED` for a key of a type that no state dict has */
  set(key: PickleValue, value: PickleValue, error: ErrorFactory): void {
    // V8 hashes only the lower 64 bits of a bigint, so crafted keys would collide and make each insertion linear.
    if (typeof key === 'bigint') throw error('a dict has a key of more than 53 bits');
    this.entries.set(key, value);
  }
}

/** A sequence of elements, identified by a key. The file stores the elements separately. */
export interface Storage {
  readonly key: string;
  readonly type: Dtype;
  /** Number of elements. */
  readonly count: number;
  /** Start of the view of the storage, in elements. */
  readonly start: number;
}

/** A tensor in a storage. Offset and strides are in elements. */
export class TensorReference {
  readonly storage: Storage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];

  constructor(storage: Storage, offset: number, shape: readonly number[], strides: readonly number[]) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }
}

/** A pickle's reference to a storage. */
export class StorageReference {
  readonly storage: Storage;

  constructor(storage: Storage) {
    this.storage = storage;
  }
}

/** An allowed global, which can be called. */
export class Callable {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** Every value that the unpickler creates. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Tuple
  | List
  | Dict
  | Callable
  | StorageReference
  | TensorReference;
