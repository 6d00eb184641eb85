import { record } from './record.ts';
import { askHandler } from './protocol.ts';
import { strict } from './strict.ts';

/** `net`. Requests use Node.js's fetch, without the system's proxies and certificates. */
export const net = strict('net', {
  async fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init);
    record.note('net.fetch', request.url);
    return await (askHandler(request) ?? fetch(request));
  },
  isOnline: () => true,
  get online() {
    return true;
  },
});
