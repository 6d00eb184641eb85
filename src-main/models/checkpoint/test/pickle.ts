// Writes pickles by hand, piece by piece: valid ones, and malformed or malicious ones.

export type Piece = Buffer;

const join = (...pieces: (Piece | string | number[])[]): Piece =>
  Buffer.concat(
    pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece, 'latin1') : Buffer.from(piece))),
  );

/** A complete pickle of protocol 2. */
export const pickle = (...pieces: Piece[]) => join([0x80, 2], ...pieces, '.');

export const raw = (text: string) => join(text);
export const none = join('N');
export const yes = join([0x88]);
export const no = join([0x89]);

export function text(value: string): Piece {
  const bytes = Buffer.from(value, 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return join('X', length, bytes);
}

/** BININT, or LONG1 if BININT is too small. */
export function integer(value: number | bigint): Piece {
  if (typeof value === 'number' && Math.abs(value) < 2 ** 31) {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32LE(value);
    return join('J', bytes);
  }
  const bytes = Buffer.alloc(16);
  bytes.writeBigInt64LE(BigInt.asIntN(64, BigInt(value)), 0);
  bytes.writeBigInt64LE(BigInt(value) >> 64n, 8);
  return join([0x8a, 16], bytes);
}

export const tuple = (...items: Piece[]) => join('(', ...items, 't');
export const list = (...items: Piece[]) => join('](', ...items, 'e');
export const dict = (...pairs: [Piece, Piece][]) => join('}(', ...pairs.flat(), 'u');
export const global = (module: string, name: string) => join(`c${module}\n${name}\n`);
export const stackGlobal = (module: string, name: string) => join(text(module), text(name), [0x93]);
export const reduce = (callable: Piece, args: Piece) => join(callable, args, 'R');
export const newObject = (callable: Piece, args: Piece) => join(callable, args, [0x81]);
export const build = (object: Piece, state: Piece) => join(object, state, 'b');
export const inst = (module: string, name: string, ...args: Piece[]) =>
  join('(', ...args, `i${module}\n${name}\n`);
export const obj = (callable: Piece, ...args: Piece[]) => join('(', callable, ...args, 'o');

/** An OrderedDict, as in `state_dict()`. */
export const orderedDict = (...pairs: [Piece, Piece][]) =>
  join(reduce(global('collections', 'OrderedDict'), join(')')), '(', ...pairs.flat(), 'u');

export interface TensorPiece {
  key: string;
  storage: string;
  /** Number of elements in the storage. */
  count: number;
  shape: number[];
  offset?: number;
  strides?: number[];
  /** A view of the storage, as in the legacy format. */
  view?: Piece;
}

/** A storage, by its persistent id. */
export function storage({ key, storage: type, count, view }: TensorPiece): Piece {
  const id = [text('storage'), global('torch', type), text(key), text('cpu'), integer(count)];
  return join(tuple(...id, ...(view ? [view] : [])), 'Q');
}

/** A tensor as PyTorch pickles it. */
export function tensor(piece: TensorPiece): Piece {
  const { shape, offset = 0, strides = rowMajor(shape) } = piece;
  const sizes = (values: number[]) => tuple(...values.map(integer));
  const args = [storage(piece), integer(offset), sizes(shape), sizes(strides), no, orderedDict()];
  return reduce(global('torch._utils', '_rebuild_tensor_v2'), tuple(...args));
}

export function rowMajor(shape: readonly number[]): number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((product, side) => product * side, 1));
}
