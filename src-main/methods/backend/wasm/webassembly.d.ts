/** The part of the WebAssembly API that Perch uses. Node has it, but its types do not declare it. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
    /** Distinguishes it from other objects. */
    readonly [Symbol.toStringTag]: 'WebAssembly.Module';
  }

  class Memory {
    constructor(limits: { initial: number; maximum: number; shared: true });
    /** Replaced by a longer one when the memory grows; older ones stay valid. */
    readonly buffer: SharedArrayBuffer;
  }

  class Global {
    value: number;
  }

  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, unknown>>);
    readonly exports: Record<string, unknown>;
  }
}
