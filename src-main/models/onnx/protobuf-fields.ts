import protobuf from 'protobufjs';

/** A field of a serialized message: its number, its bytes including the tag, and its content. */
export interface Field {
  number: number;
  raw: Uint8Array;
  /** The bytes of a message, string or packed list; empty for numbers. */
  body: Uint8Array;
  /** The value of a number. */
  value: number;
}

const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

/** Largest number of fields in a model. The largest backbones have several hundred thousand. */
const MAX_FIELDS = 1_000_000;
/** Largest size of a name or a metadata text, in bytes. */
const MAX_STRING = 2 ** 20;

/** Reads the fields of the messages of one model, up to a limit for the whole model. */
export class FieldReader {
  #left: number;

  constructor(limit = MAX_FIELDS) {
    this.#left = limit;
  }

  /**
   * The fields of a serialized message, in order, including those unknown to the schema, so that they can be copied unchanged.
   *
   * @throws RangeError if the bytes are not a valid message, or the model has too many fields
   */
  read(message: Uint8Array): Field[] {
    const reader = protobuf.Reader.create(message);
    const fields: Field[] = [];
    while (reader.pos < reader.len) {
      if (this.#left-- <= 0)
        throw new RangeError('it has more than a million fields, more than any backbone');
      const start = reader.pos;
      const { number, body, value } = next(reader, message.length);
      fields.push({ number, raw: message.subarray(start, reader.pos), body, value });
    }
    return fields;
  }
}

function next(reader: protobuf.Reader, length: number): Omit<Field, 'raw'> {
  const start = reader.pos;
  try {
    const tag = reader.uint32();
    const [number, type] = [tag >>> 3, tag & 7];
    if (number === 0) throw new TypeError('it has no field 0');
    if (type === VARINT) return { number, body: NOTHING, value: Number(reader.int64()) };
    if (type === LENGTH_DELIMITED) return { number, body: reader.bytes(), value: 0 };
    // The remaining wire types are groups, which ONNX does not use.
    if (type !== FIXED_32 && type !== FIXED_64) throw new TypeError(`it has no fields of type ${type}`);
    reader.skip(type === FIXED_32 ? 4 : 8);
    return { number, body: NOTHING, value: 0 };
  } catch (cause) {
    if (cause instanceof RangeError)
      throw new TruncatedMessageError(`the field at byte ${start} of ${length} reaches beyond its end`, {
        cause,
      });
    throw new RangeError(`byte ${start} of ${length} starts no valid field of an ONNX model`, { cause });
  }
}

/** A message that ends in the middle of a field. */
export class TruncatedMessageError extends RangeError {}

const NOTHING = new Uint8Array();

/** Encodes a field that contains a message, a string or bytes. */
export function messageField(number: number, body: Uint8Array): Uint8Array {
  return protobuf.Writer.create()
    .uint32((number << 3) | LENGTH_DELIMITED)
    .bytes(body)
    .finish();
}

/** The strings in the fields with the given number. @throws RangeError if one is too long for a name */
export function stringsOf(fields: readonly Field[], number: number): string[] {
  return fields
    .filter((field) => field.number === number)
    .map(({ body }) => {
      if (body.length > MAX_STRING) throw new RangeError(`it has a name of ${body.length} bytes`);
      return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
    });
}
