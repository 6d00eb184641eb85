import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type ErrorCode, PerchError } from '../../../common/api/errors.ts';
import { wasmFolder } from '../../../files/native-module.ts';

/** The exports of `native/wasm/exports.cpp` and `threads.cpp`. Pointers are addresses in the memory. */
export interface CoreExports {
  __stack_pointer: WebAssembly.Global;
  _initialize(): void;
  allocate(bytes: number): number;
  release(address: number): void;
  canceled_address(): number;
  permille_address(): number;
  expect_helpers(count: number): void;
  image_score(...values: number[]): number;
  measure_regions(...values: number[]): void;
  new_sweep(): number;
  delete_sweep(sweep: number): void;
  add_to_sweep(...values: number[]): void;
  sweep(sweep: number, threads: number, isa: number): number;
  sweep_column(column: number): number;
}

/** Codes of the kinds of errors in `native/wasm/host.hpp`. */
const ERROR_CODES: readonly ErrorCode[] = [
  'INVALID_FEATURES',
  'INVALID_ARGUMENT',
  'CANCELED',
  'OUT_OF_MEMORY',
];

/** Largest memory of a module: 4 GiB. */
const MAX_PAGES = 65536;
/** Initial memory: 1 MiB for the module's own data. */
const INITIAL_PAGES = 16;

let compiled: WebAssembly.Module | undefined;

/** The compiled module. */
export function coreModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(readFileSync(fileURLToPath(new URL('perch.wasm', wasmFolder))));
  return compiled;
}

/** The first instance of the module on a new memory. Other threads may add instances on it (`native/wasm/worker.js`). */
export class CoreInstance {
  readonly memory = new WebAssembly.Memory({
    initial: INITIAL_PAGES,
    maximum: MAX_PAGES,
    shared: true,
  });
  readonly exports: CoreExports;

  constructor() {
    const missing = () => {
      throw new Error('The WebAssembly module called the operating system.');
    };
    const instance = new WebAssembly.Instance(coreModule(), {
      env: { memory: this.memory },
      perch: {
        raise: (kind: number, address: number, length: number) => {
          const message = new Uint8Array(this.memory.buffer, address, length).slice();
          throw coreError({ kind, message: new TextDecoder().decode(message) });
        },
      },
      wasi_snapshot_preview1: { fd_close: missing, fd_seek: missing, fd_write: missing },
    });
    this.exports = instance.exports as unknown as CoreExports;
    this.exports._initialize();
  }

  /** The address of new memory, which the caller must release. */
  allocate(bytes: number): number {
    return this.exports.allocate(bytes) >>> 0;
  }

  /** Calls an export in this thread. The instance can be used further after an error; what the call allocated is lost. */
  call<Result>(act: () => Result): Result {
    const stack = this.exports.__stack_pointer.value;
    try {
      return act();
    } catch (error) {
      this.exports.__stack_pointer.value = stack;
      throw error;
    }
  }

  /** Copies an array into new memory. Returns its address. */
  copyIn(values: Float32Array | Float64Array | Uint32Array | Uint8Array): number {
    const address = this.allocate(values.byteLength);
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    new Uint8Array(this.memory.buffer, address, values.byteLength).set(bytes);
    return address;
  }

  /** Copies float32 values out of the memory. */
  copyFloats(address: number, count: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.memory.buffer, address, count).slice() as Float32Array<ArrayBuffer>;
  }

  /** Copies float64 values out of the memory. */
  copyDoubles(address: number, count: number): Float64Array {
    return new Float64Array(this.memory.buffer, address >>> 0, count).slice();
  }
}

let instance: CoreInstance | undefined;

/** The instance for short computations in this thread. */
export function coreOfThread(): CoreInstance {
  instance ??= new CoreInstance();
  return instance;
}

/** The error that the core has raised; without a kind, a bug of the module. */
export function coreError({ kind, message }: { kind?: number; message: string }): Error {
  const code = kind === undefined ? undefined : ERROR_CODES[kind];
  if (code === undefined) return new Error(message);
  if (code === 'OUT_OF_MEMORY') {
    return new PerchError(
      code,
      'The computation needs more than 4 GiB of memory, the limit of WebAssembly.',
      undefined,
      {
        kind: 'resize-images',
      },
    );
  }
  return new PerchError(code, message);
}
