import { open, stat } from 'node:fs/promises';

const HEAD = 512;

/**
 * Detects common files that are mistaken for models, such as failed downloads, by their first bytes.
 *
 * @returns why the file is not a model, as part of a sentence; undefined if nothing looks wrong
 * @throws the system's error if the file cannot be read
 */
export async function detectNonModel(path: string): Promise<string | undefined> {
  const found = await stat(path);
  if (found.isDirectory()) return 'it is a folder';
  // Opening a named pipe would block until its other end opens.
  if (!found.isFile()) return 'it is not a regular file';
  if (found.size === 0) return 'it is empty, because a download or copy was interrupted';
  await using file = await open(path, 'r');
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
  return detect(buffer.subarray(0, bytesRead));
}

function detect(head: Buffer): string | undefined {
  const text = head
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
    .toLowerCase();
  if (text.startsWith('version https://git-lfs')) {
    return 'it is a Git LFS pointer instead of the model. Run "git lfs pull" in its repository, or download the file itself';
  }
  if (/^(<!doctype html|<html|<head|<\?xml|<!--)/.test(text)) {
    return 'it is a web page. The download address belongs to a page about the model, not to its file';
  }
  if (head.subarray(0, 4).equals(Buffer.from([0x1f, 0x8b, 0x08, head[3] ?? 0])))
    return 'it is compressed (gzip). Decompress it first';
  if (head.toString('latin1', 257, 262) === 'ustar') return 'it is an archive (tar). Extract it first';
  if (head.subarray(0, 8).equals(HDF5))
    return 'it is an HDF5 file, as Keras writes them. Export the network as ONNX';
  return undefined;
}

const HDF5 = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1');
