import { open, stat } from 'node:fs/promises';

const HEAD = 512;

/**
 * Why a file that should be a model is none, where its beginning shows it: what a download often brings instead.
 *
 * @returns the reason, to follow "because"; undefined where nothing is seen to be wrong
 * @throws the system's error, if the file cannot be read
 */
export async function detectNonModel(path: string): Promise<string | undefined> {
  const found = await stat(path);
  if (found.isDirectory()) return 'it is a folder';
  // Opening a pipe would wait for its other end.
  if (!found.isFile()) return 'it is not a regular file';
  if (found.size === 0) return 'it is empty: it was not downloaded, or copied, to its end';
  await using file = await open(path, 'r');
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
  return readAs(buffer.subarray(0, bytesRead));
}

function readAs(head: Buffer): string | undefined {
  const text = head
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
    .toLowerCase();
  if (text.startsWith('version https://git-lfs')) {
    return 'it is a Git LFS pointer, which only says where the model is: run "git lfs pull" in its repository, or download the file itself';
  }
  if (/^(<!doctype html|<html|<head|<\?xml|<!--)/.test(text)) {
    return 'it is a web page: the address that it was downloaded from shows the model and is not that of the file';
  }
  if (head.subarray(0, 4).equals(Buffer.from([0x1f, 0x8b, 0x08, head[3] ?? 0])))
    return 'it is compressed (gzip): unpack it first';
  if (head.toString('latin1', 257, 262) === 'ustar') return 'it is an archive (tar): unpack it first';
  if (head.subarray(0, 8).equals(HDF5))
    return 'it is an HDF5 file, as Keras writes: export the network as ONNX';
  return undefined;
}

const HDF5 = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1');
