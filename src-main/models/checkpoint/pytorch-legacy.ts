import type { Checkpoint } from './checkpoint.ts';
import { dtypeBytes } from './dtypes.ts';
import { Dict, List } from './pickle-values.ts';
import type { PickleValue, Storage } from './pickle-values.ts';
import type { RandomAccessFile } from './random-access-file.ts';
import { PytorchCheckpoint } from './pytorch-checkpoint.ts';
import { Unpickler } from './unpickler.ts';

/** The value of the first pickle. */
const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL = 1001;

/** Largest size of the pickles at the start of the file. Those of the largest networks have a few MiB. */
const MAX_HEAD = 16 * 2 ** 20;

/**
 * Opens a checkpoint in the format of PyTorch before 1.6: pickles of a magic number, the protocol, system information, the state dict
 * and the keys of its storages, followed by each storage as a 64-bit element count and its elements.
 *
 * @throws PerchError `CHECKPOINT_REFUSED`
 */
export async function openPytorchLegacy(file: RandomAccessFile): Promise<Checkpoint> {
  const head = await file.read(0, Math.min(file.size, MAX_HEAD), 'its head');
  const unpickler = new Unpickler(head, file.error);
  if (unpickler.next() !== MAGIC) throw file.error('it is a pickle, but not a PyTorch checkpoint');
  const protocol = unpickler.next();
  if (protocol !== PROTOCOL) throw file.error(`its format has the unknown version ${String(protocol)}`);
  const system = unpickler.next();
  if (system instanceof Dict && system.entries.get('little_endian') === false) {
    throw file.error('it was written on a big-endian machine');
  }
  const state = unpickler.next();
  const keys = unpickler.next();
  const offsets = await storageOffsets(file, unpickler, keys);
  const readStorage = (storage: Storage, offset: number, length: number) => {
    const start = offsets.get(storage.key);
    if (start === undefined) throw file.error(`it lacks storage ${storage.key}`);
    return file.read(start + offset, length, `storage ${storage.key}`);
  };
  return new PytorchCheckpoint(file, state, readStorage);
}

/** The offset of each storage's elements. */
async function storageOffsets(
  file: RandomAccessFile,
  { storages, offset }: Unpickler,
  keys: PickleValue,
): Promise<Map<string, number>> {
  if (!(keys instanceof List)) throw file.error('its list of storages is malformed');
  const offsets = new Map<string, number>();
  let at = offset;
  for (const key of keys.items) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined;
    if (!storage || offsets.has(storage.key)) {
      throw file.error(`its list of storages names ${JSON.stringify(String(key))}, which no tensor uses`);
    }
    const count = (await file.read(at, 8, `the size of storage ${storage.key}`)).readBigInt64LE();
    if (count !== BigInt(storage.count)) {
      throw file.error(`storage ${storage.key} has ${count} elements instead of ${storage.count}`);
    }
    const length = storage.count * dtypeBytes[storage.type];
    file.assertWithin(at + 8, length, `storage ${storage.key}`);
    offsets.set(storage.key, at + 8);
    at += 8 + length;
  }
  return offsets;
}
