import type { Checkpoint } from './checkpoint.ts';
import { dtypeBytes } from './dtypes.ts';
import type { Storage } from './pickle-values.ts';
import type { RandomAccessFile } from './random-access-file.ts';
import { PytorchCheckpoint } from './pytorch-checkpoint.ts';
import { Unpickler } from './unpickler.ts';
import { ZipArchive } from './zip.ts';

/** Largest size of the pickled state dict. Those of the largest networks have a few MiB. */
const MAX_PICKLE = 16 * 2 ** 20;

/**
 * Opens a checkpoint in the format of PyTorch since 1.6: a zip archive with one folder, which contains the pickled state dict
 * `data.pkl` and each storage as an entry below `data/`.
 *
 * @throws PerchError `CHECKPOINT_REFUSED`
 */
export async function openPytorchZip(file: RandomAccessFile): Promise<Checkpoint> {
  const archive = await ZipArchive.open(file);
  const [pickle, ...others] = archive.names.filter((name) => /^([^/]+\/)?data\.pkl$/.test(name));
  if (pickle === undefined || others.length > 0) {
    throw file.error('it is a zip archive, but not a PyTorch checkpoint, which has one entry data.pkl');
  }
  const folder = pickle.slice(0, -'data.pkl'.length);
  const read = async (name: string) => archive.read(name, 0, pickleSize(file, archive, name));
  if (archive.sizeOf(`${folder}byteorder`) !== undefined) {
    const order = (await read(`${folder}byteorder`)).toString('latin1').trim();
    if (order !== 'little') throw file.error('it was written on a big-endian machine');
  }
  const state = new Unpickler(await read(pickle), file.error).next();
  const readStorage = (storage: Storage, offset: number, length: number) => {
    const name = `${folder}data/${storage.key}`;
    const announced = archive.sizeOf(name);
    const needed = storage.count * dtypeBytes[storage.type];
    if (announced !== undefined && announced !== needed) {
      throw file.error(`the entry ${name} has ${announced} bytes instead of ${needed}`);
    }
    return archive.read(name, offset, length);
  };
  return new PytorchCheckpoint(file, state, readStorage);
}

function pickleSize(file: RandomAccessFile, archive: ZipArchive, name: string): number {
  const size = archive.sizeOf(name) ?? 0;
  if (size > MAX_PICKLE) throw file.error(`the entry ${name} claims ${size} bytes`);
  return size;
}
