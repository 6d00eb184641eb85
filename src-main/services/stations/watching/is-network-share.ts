import { statfs } from 'node:fs/promises';

/** Linux's numbers of network file systems: NFS, SMB, SMB2 and CIFS, AFS, FUSE (sshfs), 9P, Ceph. */
const SHARES = new Set([
  0x6969, 0x517b, 0xfe534d42, 0xff534d42, 0x5346414f, 0x65735546, 0x01021997, 0x00c36400,
]);

/** Whether a folder's file system reports no changes that other machines make. Only known on Linux, and for UNC paths. */
export async function isNetworkShare(folder: string): Promise<boolean> {
  if (folder.startsWith('\\\\')) return true;
  if (process.platform !== 'linux') return false;
  const found = await statfs(folder).catch(() => undefined);
  return found !== undefined && SHARES.has(found.type >>> 0);
}
