import { describe, expect, it } from 'vitest';
import { isAllowed, parseConnectionTable } from './peer-user.ts';

/** The table with both ends of a connection from port 0x1234 to our port 0x43A8. */
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

describe('the user at the other end', () => {
  it('may be this user or root', () => {
    expect(isAllowed(parseConnectionTable(table(1000)), ports, 1000)).toBe(true);
    expect(isAllowed(parseConnectionTable(table(0)), ports, 1000)).toBe(true);
  });

  it('may not be another user, over IPv4 or IPv6', () => {
    expect(isAllowed(parseConnectionTable(table(65_534)), ports, 1000)).toBe(false);
    const mapped = '0000000000000000FFFF00000100007F';
    expect(isAllowed(parseConnectionTable(table(65_534, '01', mapped, mapped)), ports, 1000)).toBe(false);
  });

  it('may not be unknown because the client disconnected', () => {
    expect(isAllowed(parseConnectionTable(table(0, '05')), ports, 1000)).toBe(false);
    const withoutClient = table(1000)
      .split('\n')
      .filter((line) => !line.includes(' 1: '))
      .join('\n');
    expect(isAllowed(parseConnectionTable(withoutClient), ports, 1000)).toBe(false);
  });

  it('may be anyone if the system has no table', () => {
    expect(isAllowed([], ports, 1000)).toBe(true);
  });
});
