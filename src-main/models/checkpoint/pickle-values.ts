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

  /** @throws PerchError `CHECKPOINT_REFUSED` for a key that no state dict has */
  set(key: PickleValue, value: PickleValue, refuse: ErrorFactory): void {
    // Those that agree in their lower 64 bits share a hash: every one would be compared with all before it.
    if (typeof key === 'bigint') throw refuse('a dict has a key of more than 53 bits');
    this.entries.set(key, value);
  }
}

/** Where the elements of tensors lie: a run of elements under a key, which the file holds elsewhere. */
export interface Storage {
  readonly key: string;
  readonly type: Dtype;
  /** Elements in the whole storage. */
  readonly count: number;
  /** Where a view of a storage begins, in elements. */
  readonly start: number;
}

/** A tensor in a storage; offset and strides in elements. */
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

/** A storage as the pickle refers to it. */
export class StorageReference {
  readonly storage: Storage;

  constructor(storage: Storage) {
    this.storage = storage;
  }
}

/** A global that was loaded; it can be called, and never is anything but one of ours. */
export class Callable {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** Everything that the unpickler makes: plain values of our own. */
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
