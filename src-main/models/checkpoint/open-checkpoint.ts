import type { Checkpoint } from './checkpoint.ts';
import { openPytorchLegacy } from './pytorch-legacy.ts';
import { openSafetensors } from './safetensors.ts';
import { RandomAccessFile } from './random-access-file.ts';
import { openPytorchZip } from './pytorch-zip.ts';

/** The first bytes of a zip archive. */
const ZIP_START = 0x04034b50;
/** The first byte of a pickle: PROTO; or MARK or GLOBAL in protocol 0, which PyTorch does not write. */
const PICKLE_STARTS = [0x80, 0x28, 0x63];
const BRACE = 0x7b;

/**
 * Opens a PyTorch checkpoint, in the zip or the legacy format, or a safetensors file. Detects the format by content and executes nothing
 * in the file. Time and memory are bounded by the file's size, by 1 000 000 pickle steps, and by the tensors that are read.
 *
 * @throws PerchError `CHECKPOINT_REFUSED` with the reason; as `openRegular`
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
