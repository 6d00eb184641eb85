import { describe, expect, it } from 'vitest';
import { admits, parseConnectionTable } from './peer-user.ts';

/** A connection from port 0x1234 to us at 0x43A8, as both ends stand in the table. */
const table = (
  uid: number,
  state = '01',
  local = '0100007F',
  remote = '0100007F',
) => `  sl  local_address rem_address   st
   0: 0100007F:43A8 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1 1
   1: ${local}:1234 ${remote}:43A8 ${state} 00000000:00000000 00:00000000 00000000  ${uid}        0 2 1
   2: ${remote}:43A8 ${local}:1234 01 00000000:00000000 00:00000000 00000000  1000        0 3 1
`;
const ports = { localPort: 0x43a8, remotePort: 0x1234 };

describe('who is at the other end', () => {
  it('may be the person or root', () => {
    expect(admits(parseConnectionTable(table(1000)), ports, 1000)).toBe(true);
    expect(admits(parseConnectionTable(table(0)), ports, 1000)).toBe(true);
  });

  it('may not be another user, by either protocol', () => {
    expect(admits(parseConnectionTable(table(65_534)), ports, 1000)).toBe(false);
    const mapped = '0000000000000000FFFF00000100007F';
    expect(admits(parseConnectionTable(table(65_534, '01', mapped, mapped)), ports, 1000)).toBe(false);
  });

  it('may not be somebody who has hung up: nobody can say who that was', () => {
    expect(admits(parseConnectionTable(table(0, '05')), ports, 1000)).toBe(false);
    const gone = table(1000)
      .split('\n')
      .filter((line) => !line.includes(' 1: '))
      .join('\n');
    expect(admits(parseConnectionTable(gone), ports, 1000)).toBe(false);
  });

  it('is anybody where the system says nothing', () => {
    expect(admits([], ports, 1000)).toBe(true);
  });
});
