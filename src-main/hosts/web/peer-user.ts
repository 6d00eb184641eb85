import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';

/** Tells of a connection on 127.0.0.1 whether the program at its other end may be the person's own. */
export type IsOwnUser = (socket: Socket) => Promise<boolean>;

const asked = new WeakMap<Socket, Promise<boolean>>();

/**
 * It is not where Linux says that the program belongs to another user than us or root. Whoever shares the machine reaches the
 * loopback address too, and a browser that visits a server of theirs sends it our cookie, for cookies do not know ports. Other
 * systems do not tell. Asking takes some milliseconds, so it is for those who have shown a secret, once a connection.
 */
export const isOwnUser: IsOwnUser = (socket) => {
  const known = asked.get(socket) ?? ask(socket);
  asked.set(socket, known);
  return known;
};

async function ask({ localPort, remotePort }: Socket): Promise<boolean> {
  const us = process.getuid?.();
  if (process.platform !== 'linux' || us === undefined) return true;
  const ports = { localPort, remotePort };
  const ipv4 = await read('/proc/net/tcp');
  return admits(hasClient(ipv4, ports) ? ipv4 : [...ipv4, ...(await read('/proc/net/tcp6'))], ports, us);
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

/** What the system's table of connections says of the one between two ports of 127.0.0.1. */
export function admits(entries: readonly Entry[], ports: Ports, us: number): boolean {
  const theirs = clientIn(entries, ports);
  if (theirs) return theirs.uid === us || (theirs.uid === 0 && theirs.established);
  // Our end is known and theirs is not: they have hung up, and nobody can say who they were.
  const { localPort, remotePort } = ports;
  return clientIn(entries, { localPort: remotePort, remotePort: localPort }) === undefined;
}

const hasClient = (entries: readonly Entry[], ports: Ports) => clientIn(entries, ports) !== undefined;

function clientIn(entries: readonly Entry[], { localPort, remotePort }: Ports): Entry | undefined {
  const isAt = (address: string, port: number | undefined) =>
    LOOPBACK.some((host) => address === `${host}:${hex(port)}`);
  return entries.find(({ local, remote }) => isAt(local, remotePort) && isAt(remote, localPort));
}

/** 127.0.0.1, as it stands in the tables of IPv4 and of IPv6. */
const LOOPBACK = ['0100007F', '0000000000000000FFFF00000100007F'];

const hex = (port = 0) => port.toString(16).toUpperCase().padStart(4, '0');

/** Where the table cannot be read, as in some containers, nothing is known. */
async function read(table: string): Promise<Entry[]> {
  return await readFile(table, 'latin1').then(parseConnectionTable, () => []);
}

/** The connections of /proc/net/tcp. */
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
