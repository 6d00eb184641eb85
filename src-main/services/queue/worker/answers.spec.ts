import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Endpoint } from '../endpoint.ts';
import { OfferedFiles } from '../offered-files.ts';
import { Answers } from './answers.ts';
import { HostClient } from './host-client.ts';

const { signal } = new AbortController();
const key = (name: string) => Buffer.from(name).toString('hex').padEnd(64, '0');
const bytes = (text: string) => Uint8Array.from(Buffer.from(text));

/** A host that wants the answers with some keys. */
async function startHost(...wanted: string[]) {
  const taken: string[] = [];
  const endpoint = new Endpoint(new OfferedFiles(), {
    limitOf: (task) => (wanted.map(key).includes(task) ? 100 : undefined),
    async receive(_, sent) {
      taken.push(sent.toString());
      return 204;
    },
    lost: () => {},
  });
  const port = await endpoint.listen('127.0.0.1', 0);
  const client = new HostClient({
    id: '',
    name: '',
    version: '',
    token: endpoint.token,
    certificate: null,
    url: `http://127.0.0.1:${port}`,
  });
  const close = () => {
    client.close();
    endpoint.close();
  };
  return { taken, client, close };
}

let host: Awaited<ReturnType<typeof startHost>>;
let answers: Answers;
beforeEach(async () => {
  host = await startHost('a', 'b');
  answers = new Answers();
});
afterEach(() => {
  vi.useRealTimers();
  host.close();
});
const offer = () => answers.offer({ present: async () => [host.client] }, signal);

/** Makes an answer and keeps it, as if its host had ended. */
async function keep(name: string, content = bytes(name)): Promise<void> {
  answers.keep(key(name), await answers.get(key(name), async () => content));
}

describe('the answers of a worker', () => {
  it('are made once, also while they are being made, until a host has them', async () => {
    const made: string[] = [];
    const make = async () => {
      made.push('a');
      return bytes('a');
    };
    const both = await Promise.all([answers.get(key('a'), make), answers.get(key('a'), make)]);
    expect(both).toEqual([bytes('a'), bytes('a')]);
    expect(made).toHaveLength(1);
    answers.end(key('a'));
    await answers.get(key('a'), make);
    expect(made).toHaveLength(2);
  });

  it('are made again after a failure, also by those that waited for it', async () => {
    const failing = answers.get(key('a'), () => Promise.reject(new Error('canceled')));
    const waiting = answers.get(key('a'), async () => bytes('a'));
    await expect(failing).rejects.toThrow('canceled');
    expect(await waiting).toEqual(bytes('a'));
  });

  it('go to a host that wants them once their own has ended, and to no other', async () => {
    await answers.get(key('b'), async () => bytes('b'));
    await keep('a');
    await keep('other');
    await offer();
    await offer();
    expect(host.taken).toEqual(['a']);
  });

  it('stay until a host answers', async () => {
    await keep('a');
    host.close();
    await offer();
    host = await startHost('a');
    await offer();
    expect(host.taken).toEqual(['a']);
  });

  it('are bounded in number, size and time', async () => {
    await keep('a');
    for (let at = 0; at < 16; at++) await keep(`number ${at}`);
    await offer();
    expect(host.taken).toEqual([]);
    await keep('a');
    await keep('large', new Uint8Array(256 * 2 ** 20));
    await offer();
    expect(host.taken).toEqual([]);
    await keep('a');
    vi.useFakeTimers({ now: performance.now(), toFake: ['performance'] });
    vi.advanceTimersByTime(11 * 60_000);
    await keep('b');
    await offer();
    expect(host.taken).toEqual(['b']);
  });
});
