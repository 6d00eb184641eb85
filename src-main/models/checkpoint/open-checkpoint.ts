import type { Checkpoint } from './checkpoint.ts';
import { openPytorchLegacy } from './pytorch-legacy.ts';
import { openSafetensors } from './safetensors.ts';
import { RandomAccessFile } from './random-access-file.ts';
import { openPytorchZip } from './pytorch-zip.ts';

/** What a checkpoint file begins with. */
const ZIP_START = 0x04034b50;
/** PROTO; or, in pickles that were not written by PyTorch, the first operation of protocol 0: MARK or GLOBAL. */
const PICKLE_STARTS = [0x80, 0x28, 0x63];
const BRACE = 0x7b;

/**
 * Opens a PyTorch checkpoint, in the zip format or the one before it, or a safetensors file. The file is judged by its
 * content, nothing in it is executed, and time and memory are bounded by its size, 1 000 000 steps, and the tensors that are read.
 *
 * @throws PerchError `CHECKPOINT_REFUSED` with the reason; the system's error, if the file cannot be opened
 */
export async function openCheckpoint(path: string): Promise<Checkpoint> {
  const file = await RandomAccessFile.open(path);
  try {
    return await openByContent(file);
  } catch (cause) {
    await file[Symbol.asyncDispose]();
    if (cause instanceof RangeError) throw file.error(`it is malformed (${cause.message})`);
    throw cause;
  }
}

async function openByContent(file: RandomAccessFile): Promise<Checkpoint> {
  if (file.size === 0) throw file.error('it is empty');
  const start = await file.read(0, Math.min(9, file.size), 'its start');
  if (start.length >= 4 && start.readUInt32LE() === ZIP_START) return openPytorchZip(file);
  if (start.length === 9 && start[8] === BRACE) return openSafetensors(file);
  if (PICKLE_STARTS.includes(start[0])) return openPytorchLegacy(file);
  throw file.error('it is neither a PyTorch checkpoint nor a safetensors file');
}
