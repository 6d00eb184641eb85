import protobuf from 'protobufjs';

/** A field of a serialised message: its number, the whole of it with its tag, and what it holds. */
export interface Field {
  number: number;
  raw: Uint8Array;
  /** The bytes of a message, string or packed list; empty for plain numbers. */
  body: Uint8Array;
  /** The value of a plain number. */
  value: number;
}

const VARINT = 0;
const LENGTH_DELIMITED = 2;

/**
 * The fields of a serialised message, in order, whether a schema knows them or not: what is not looked at can be passed
 * on as it is.
 *
 * @throws RangeError, Error where the bytes are no such message
 */
export function fieldsOf(message: Uint8Array): Field[] {
  const reader = protobuf.Reader.create(message);
  const fields: Field[] = [];
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const tag = reader.uint32();
    const type = tag & 7;
    const body = type === LENGTH_DELIMITED ? reader.bytes() : new Uint8Array();
    const value = type === VARINT ? Number(reader.int64()) : 0;
    if (type !== LENGTH_DELIMITED && type !== VARINT) reader.skipType(type);
    fields.push({ number: tag >>> 3, raw: message.subarray(start, reader.pos), body, value });
  }
  return fields;
}

/** A field that holds a message. */
export function messageField(number: number, body: Uint8Array): Uint8Array {
  return protobuf.Writer.create()
    .uint32((number << 3) | LENGTH_DELIMITED)
    .bytes(body)
    .finish();
}

/** The strings of the fields of that number. */
export function stringsOf(fields: readonly Field[], number: number): string[] {
  return fields
    .filter((field) => field.number === number)
    .map(({ body }) => Buffer.from(body).toString('utf8'));
}
