import { open } from 'node:fs/promises';

/** Platform and CPU of a binary, as Node names them. */
export interface Machine {
  platform: 'linux' | 'darwin' | 'win32';
  arch: string;
}

const HEAD = 4096;
const ELF_MACHINES: Record<number, string> = { 0x03: 'ia32', 0x28: 'arm', 0x3e: 'x64', 0xb7: 'arm64' };
const MACH_CPUS: Record<number, string> = { 0x01000007: 'x64', 0x0100000c: 'arm64' };
const PE_MACHINES: Record<number, string> = { 0x014c: 'ia32', 0x8664: 'x64', 0xaa64: 'arm64' };

/**
 * The machines for which a file contains code, from its header (ELF, Mach-O, PE); none if it is not a binary.
 */
export async function machinesOf(path: string): Promise<Machine[]> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(HEAD), length: HEAD, position: 0 });
    return readHeader(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

export function readHeader(head: Buffer): Machine[] {
  if (head.length < 64) return [];
  const magic = head.readUInt32BE(0);
  if (magic === 0x7f454c46) return [{ platform: 'linux', arch: nameOf(ELF_MACHINES, head.readUInt16LE(18)) }];
  if (magic === 0xcffaedfe) return [{ platform: 'darwin', arch: nameOf(MACH_CPUS, head.readUInt32LE(4)) }];
  // A universal binary: entries of 20 bytes, each beginning with its CPU.
  if (magic === 0xcafebabe)
    return Array.from({ length: Math.min(head.readUInt32BE(4), 8) }, (_, at) => ({
      platform: 'darwin',
      arch: nameOf(MACH_CPUS, head.readUInt32BE(8 + 20 * at)),
    }));
  if (head.toString('latin1', 0, 2) === 'MZ') {
    const at = head.readUInt32LE(0x3c);
    if (at + 6 <= head.length && head.toString('latin1', at, at + 4) === 'PE\0\0')
      return [{ platform: 'win32', arch: nameOf(PE_MACHINES, head.readUInt16LE(at + 4)) }];
  }
  return [];
}

function nameOf(names: Record<number, string>, code: number): string {
  return names[code] ?? `an unknown CPU (0x${code.toString(16)})`;
}
