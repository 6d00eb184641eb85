import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';

const cache = new WeakMap<Socket, Promise<boolean>>();

/**
 * Whether the program at the other end of a loopback connection may belong to this user or root. Other users of the machine
 * reach 127.0.0.1 too, and a browser sends Perch's cookie to their servers, because cookies do not depend on
 * ports. Only Linux reports the user; on other systems the result is true.
 *
 * A check takes milliseconds. Call it only for connections that sent a secret; the result is cached for the
 * connection.
 */
export function isOwnUser(socket: Socket): Promise<boolean> {
  const result = cache.get(socket) ?? check(socket);
  cache.set(socket, result);
  return result;
}

async function check({ localPort, remotePort }: Socket): Promise<boolean> {
  const ownUid = process.getuid?.();
  if (process.platform !== 'linux' || ownUid === undefined) return true;
  const ports = { localPort, remotePort };
  const ipv4 = await read('/proc/net/tcp');
  return isAllowed(
    hasClient(ipv4, ports) ? ipv4 : [...ipv4, ...(await read('/proc/net/tcp6'))],
    ports,
    ownUid,
  );
}

interface Entry {
  local: string;
  remote: string;
  established: boolean;
  uid: number;
}

interface Ports {
  localPort: number | undefined;
  remotePort: number | undefined;
}

/**
 * Whether this user may own the client's end of a connection, according to the system's table of connections.
 */
export function isAllowed(entries: readonly Entry[], ports: Ports, ownUid: number): boolean {
  const client = findClient(entries, ports);
  if (client) return client.uid === ownUid || (client.uid === 0 && client.established);
  // The table has only the server's end: the client has disconnected, and its user is unknown.
  const { localPort, remotePort } = ports;
  return findClient(entries, { localPort: remotePort, remotePort: localPort }) === undefined;
}

const hasClient = (entries: readonly Entry[], ports: Ports) => findClient(entries, ports) !== undefined;

function findClient(entries: readonly Entry[], { localPort, remotePort }: Ports): Entry | undefined {
  const isAt = (address: string, port: number | undefined) =>
    LOOPBACK.some((host) => address === `${host}:${hex(port)}`);
  return entries.find(({ local, remote }) => isAt(local, remotePort) && isAt(remote, localPort));
}

/** 127.0.0.1 in the tables of IPv4 and IPv6. */
const LOOPBACK = ['0100007F', '0000000000000000FFFF00000100007F'];

const hex = (port = 0) => port.toString(16).toUpperCase().padStart(4, '0');

/** Reads a table. Some containers do not allow that, which leaves the user unknown. */
async function read(table: string): Promise<Entry[]> {
  return await readFile(table, 'latin1').then(parseConnectionTable, () => []);
}

/** Parses /proc/net/tcp. */
export function parseConnectionTable(table: string): Entry[] {
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((cells) => cells.length > 7)
    .map((cells) => ({
      local: cells[1],
      remote: cells[2],
      established: cells[3] === '01',
      uid: Number(cells[7]),
    }));
}
