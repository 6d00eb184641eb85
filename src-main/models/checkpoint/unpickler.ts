import { callGlobal, resolveGlobal, setState, resolveStorage } from './allowed-globals.ts';
import { opcodes, rejectedOpcodes } from './opcodes.ts';
import { Dict, List, StorageReference, Tuple } from './pickle-values.ts';
import type { PickleValue, Storage } from './pickle-values.ts';
import type { ErrorFactory } from './random-access-file.ts';

/** Largest number of steps: operations of a pickle, and items that they process. The largest networks need a few hundred thousand. */
const MAX_STEPS = 1_000_000;
/** Largest nesting depth of containers under construction. A state dict needs about six. */
const MAX_DEPTH = 64;
/** Largest length of a string in bytes. Names of tensors are far shorter. */
const MAX_STRING = 4096;
/** The newest pickle protocol. */
const MAX_PROTOCOL = 5;

/**
 * Reads the pickles that PyTorch writes for weights. Rejects all operations and globals that a state dict does not need (see `opcodes.ts`
 * and `allowed-globals.ts`). Executes no Python code: the results are values of Perch.
 */
export class Unpickler {
  /** The storages that the pickles refer to, by key. */
  readonly storages = new Map<string, Storage>();
  readonly #bytes: Buffer;
  readonly #fileError: ErrorFactory;
  #at: number;
  #start = 0;
  #stack: PickleValue[] = [];
  #marks: number[] = [];
  #memo = new Map<number, PickleValue>();
  #steps = 0;

  /** @param offset start of the first pickle in `bytes` */
  constructor(bytes: Buffer, error: ErrorFactory, offset = 0) {
    this.#bytes = bytes;
    this.#fileError = error;
    this.#at = offset;
  }

  /** End of the last pickle. */
  get offset(): number {
    return this.#at;
  }

  /** Reads the next pickle. @throws PerchError `CHECKPOINT_REFUSED` */
  next(): PickleValue {
    this.#stack = [];
    this.#marks = [];
    this.#memo = new Map();
    this.#steps = 0;
    for (;;) {
      this.#start = this.#at;
      this.#spend(1);
      const opcode = this.#take(1)[0];
      if (opcode === opcodes.STOP) return this.#result();
      this.#perform(opcode);
    }
  }

  /** Counts steps, to which time and memory are proportional. */
  #spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps > MAX_STEPS) throw this.#error(`its pickle takes more than ${MAX_STEPS} steps`);
  }

  readonly #error: ErrorFactory = (reason) => this.#fileError(`${reason} (pickle, byte ${this.#start})`);

  #result(): PickleValue {
    const value = this.#pop();
    if (this.#stack.length > 0 || this.#marks.length > 0) throw this.#error('its pickle ends too early');
    return value;
  }

  #perform(opcode: number): void {
    const operation = this.#operations[opcode];
    if (operation) return operation();
    const name = rejectedOpcodes[opcode];
    // INST is followed by the name that it would call.
    const called = name === 'INST' ? ` of ${JSON.stringify(`${this.#line()}.${this.#line()}`)}` : '';
    throw this.#error(
      name
        ? `its pickle has the operation ${name}${called}, which no state dict needs`
        : `its pickle has the unknown operation 0x${opcode.toString(16)}`,
    );
  }

  readonly #operations: Readonly<Record<number, () => void>> = {
    [opcodes.PROTO]: () => {
      const [protocol] = this.#take(1);
      if (protocol > MAX_PROTOCOL) throw this.#error(`its pickle has the unknown protocol ${protocol}`);
    },
    [opcodes.FRAME]: () => void this.#take(8),
    [opcodes.MARK]: () => {
      if (this.#marks.length >= MAX_DEPTH) throw this.#error(`its pickle nests deeper than ${MAX_DEPTH}`);
      this.#marks.push(this.#stack.length);
    },
    [opcodes.NONE]: () => this.#push(null),
    [opcodes.NEWTRUE]: () => this.#push(true),
    [opcodes.NEWFALSE]: () => this.#push(false),
    [opcodes.BININT]: () => this.#push(this.#take(4).readInt32LE()),
    [opcodes.BININT1]: () => this.#push(this.#take(1)[0]),
    [opcodes.BININT2]: () => this.#push(this.#take(2).readUInt16LE()),
    [opcodes.LONG1]: () => this.#push(this.#long(this.#take(1)[0])),
    [opcodes.BINFLOAT]: () => this.#push(this.#take(8).readDoubleBE()),
    [opcodes.BINUNICODE]: () => this.#push(this.#string(this.#take(4).readUInt32LE())),
    [opcodes.SHORT_BINUNICODE]: () => this.#push(this.#string(this.#take(1)[0])),
    [opcodes.BINSTRING]: () => this.#push(this.#string(this.#take(4).readUInt32LE())),
    [opcodes.SHORT_BINSTRING]: () => this.#push(this.#string(this.#take(1)[0])),
    [opcodes.EMPTY_TUPLE]: () => this.#push(new Tuple([])),
    [opcodes.TUPLE]: () => this.#push(new Tuple(this.#popToMark())),
    [opcodes.TUPLE1]: () => this.#push(new Tuple(this.#popMany(1))),
    [opcodes.TUPLE2]: () => this.#push(new Tuple(this.#popMany(2))),
    [opcodes.TUPLE3]: () => this.#push(new Tuple(this.#popMany(3))),
    [opcodes.EMPTY_LIST]: () => this.#push(new List()),
    [opcodes.APPEND]: () => this.#append(this.#popMany(1)),
    [opcodes.APPENDS]: () => this.#append(this.#popToMark()),
    [opcodes.EMPTY_DICT]: () => this.#push(new Dict()),
    [opcodes.SETITEM]: () => this.#set(this.#popMany(2)),
    [opcodes.SETITEMS]: () => this.#set(this.#popToMark()),
    [opcodes.GLOBAL]: () => this.#push(resolveGlobal(this.#line(), this.#line(), this.#error)),
    [opcodes.STACK_GLOBAL]: () => {
      const [module, name] = this.#popMany(2);
      this.#push(resolveGlobal(String(module), String(name), this.#error));
    },
    [opcodes.REDUCE]: () => this.#call(),
    [opcodes.NEWOBJ]: () => this.#call(),
    [opcodes.BUILD]: () => {
      const state = this.#pop();
      setState(this.#top(), state, this.#error);
    },
    [opcodes.BINPERSID]: () => this.#push(this.#storage(this.#pop())),
    [opcodes.BINGET]: () => this.#push(this.#recall(this.#take(1)[0])),
    [opcodes.LONG_BINGET]: () => this.#push(this.#recall(this.#take(4).readUInt32LE())),
    [opcodes.BINPUT]: () => void this.#memo.set(this.#take(1)[0], this.#top()),
    [opcodes.LONG_BINPUT]: () => void this.#memo.set(this.#take(4).readUInt32LE(), this.#top()),
    [opcodes.MEMOIZE]: () => void this.#memo.set(this.#memo.size, this.#top()),
  };

  #take(count: number): Buffer {
    const end = this.#at + count;
    if (end > this.#bytes.length) throw this.#error('it is truncated within its pickle');
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  /** Reads a name of GLOBAL or INST, which ends with a line feed. */
  #line(): string {
    const end = this.#bytes.subarray(this.#at, this.#at + MAX_STRING).indexOf(0x0a);
    if (end < 0) throw this.#error('it is truncated within a name');
    const line = this.#take(end).toString('utf8');
    this.#take(1);
    return line;
  }

  #string(length: number): string {
    if (length > MAX_STRING) throw this.#error(`its pickle has a string of ${length} bytes`);
    return this.#take(length).toString('utf8');
  }

  /** A little-endian integer in two's complement. */
  #long(length: number): number | bigint {
    if (length > 16) throw this.#error(`its pickle has an integer of ${length} bytes`);
    const bytes = this.#take(length);
    if (length === 0) return 0;
    const value = BigInt.asIntN(8 * length, BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`));
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }

  #push(value: PickleValue): void {
    this.#stack.push(value);
  }

  #pop(): PickleValue {
    return this.#popMany(1)[0];
  }

  #popMany(count: number): PickleValue[] {
    const floor = this.#marks.at(-1) ?? 0;
    if (this.#stack.length - floor < count)
      throw this.#error('its pickle reads beyond the start of its stack');
    return this.#stack.splice(this.#stack.length - count);
  }

  #popToMark(): PickleValue[] {
    const mark = this.#marks.pop();
    if (mark === undefined) throw this.#error('its pickle reads beyond the start of its stack');
    return this.#stack.splice(mark);
  }

  #top(): PickleValue {
    const top = this.#stack.at(-1);
    if (top === undefined || this.#stack.length <= (this.#marks.at(-1) ?? 0)) {
      throw this.#error('its pickle reads beyond the start of its stack');
    }
    return top;
  }

  #append(items: PickleValue[]): void {
    const list = this.#top();
    if (!(list instanceof List)) throw this.#error('it appends to a value that is not a list');
    if (items.includes(list)) throw this.#error('a list contains itself');
    for (const item of items) list.items.push(item);
  }

  #set(items: PickleValue[]): void {
    const dict = this.#top();
    if (!(dict instanceof Dict)) throw this.#error('it sets an item of a value that is not a dict');
    if (items.length % 2 !== 0) throw this.#error('a dict has a key without a value');
    if (items.includes(dict)) throw this.#error('a dict contains itself');
    for (let i = 0; i < items.length; i += 2) dict.set(items[i], items[i + 1], this.#error);
  }

  #call(): void {
    const [callable, args] = this.#popMany(2);
    // Every call may process the same list again.
    for (const argument of args instanceof Tuple ? args.items : [])
      if (argument instanceof List || argument instanceof Tuple) this.#spend(argument.items.length);
    this.#push(callGlobal(callable, args, this.#error));
  }

  #recall(slot: number): PickleValue {
    const value = this.#memo.get(slot);
    if (value === undefined) throw this.#error(`its pickle reads slot ${slot}, which is empty`);
    return value;
  }

  #storage(id: PickleValue): StorageReference {
    const storage = resolveStorage(id, this.#error);
    const known = this.storages.get(storage.key);
    if (known && (known.type !== storage.type || known.count !== storage.count)) {
      throw this.#error(`storage ${storage.key} has two different descriptions`);
    }
    this.storages.set(storage.key, storage);
    return new StorageReference(storage);
  }
}
