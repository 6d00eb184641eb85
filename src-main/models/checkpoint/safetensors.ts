import { z } from 'zod';
import type { Checkpoint } from './checkpoint.ts';
import { dtypeBytes, isFloating, toFloat32 } from './dtypes.ts';
import type { Dtype } from './dtypes.ts';
import type { RandomAccessFile } from './random-access-file.ts';

/** Largest size of the header. Those of the largest networks have a few MiB. */
const MAX_HEADER = 16 * 2 ** 20;

const TYPES: Record<string, Dtype> = {
  F64: 'float64',
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  I64: 'int64',
  I32: 'int32',
  I16: 'int16',
  I8: 'int8',
  U8: 'uint8',
  BOOL: 'bool',
};

const size = z.int().min(0);
const entry = z.object({
  dtype: z.string(),
  shape: z.array(size).max(8),
  data_offsets: z.tuple([size, size]),
});

interface Tensor {
  type: Dtype;
  shape: number[];
  offset: number;
  length: number;
}

/**
 * Opens a safetensors file: the length of the header in 64 bits, the header as JSON, and the elements.
 *
 * @throws PerchError `CHECKPOINT_REFUSED`
 */
export async function openSafetensors(file: RandomAccessFile): Promise<Checkpoint> {
  const length = Number((await file.read(0, 8, 'the size of its header')).readBigUInt64LE());
  if (length > MAX_HEADER) throw file.error(`its header claims ${length} bytes`);
  const header = parse(file, (await file.read(8, length, 'its header')).toString('utf8'));
  const tensors = new Map<string, Tensor>();
  for (const [name, value] of Object.entries(header)) {
    if (name !== '__metadata__') tensors.set(name, tensorOf(file, name, value, 8 + length));
  }
  return {
    tensors,
    async read(name) {
      const tensor = tensors.get(name);
      if (!tensor) throw file.error(`it has no tensor ${name}`);
      if (!isFloating(tensor.type)) throw file.error(`${name} is ${tensor.type}, not floating-point`);
      return toFloat32(await file.read(tensor.offset, tensor.length, name), tensor.type);
    },
    [Symbol.asyncDispose]: () => file[Symbol.asyncDispose](),
  };
}

function parse(file: RandomAccessFile, text: string): object {
  try {
    const header: unknown = JSON.parse(text);
    if (typeof header === 'object' && header !== null) return header;
  } catch {
    // Rejected below.
  }
  throw file.error('its header is not JSON');
}

function tensorOf(file: RandomAccessFile, name: string, value: unknown, start: number): Tensor {
  const parsed = entry.safeParse(value);
  if (!parsed.success || !Object.hasOwn(TYPES, parsed.data.dtype)) {
    throw file.error(`its header describes ${JSON.stringify(name.slice(0, 200))} in an unknown form`);
  }
  const { dtype, shape, data_offsets } = parsed.data;
  const type = TYPES[dtype];
  const length = data_offsets[1] - data_offsets[0];
  if (length !== shape.reduce((product, side) => product * side, dtypeBytes[type])) {
    throw file.error(`${name} has ${length} bytes, which do not match [${shape.join(', ')}] of ${type}`);
  }
  const offset = start + data_offsets[0];
  file.assertWithin(offset, length, name);
  return { type, shape, offset, length };
}
