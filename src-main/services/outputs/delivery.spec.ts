import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MAX_PENDING } from '../../common/api/outputs.ts';
import { signatureOf } from './targets/webhook.ts';
import { type DeliveryTimes } from './delivery.ts';
import { openOutputs, type Outputs } from './outputs.ts';
import { httpReceiver } from './test/receivers.ts';
import { messageOf, temporaryStation } from './test/station.ts';

const SECRET = 'a key of 16 characters or more';
const TIMES: DeliveryTimes = {
  lookMs: 20,
  attemptMs: 500,
  leaseMs: 3000,
  first: 30,
  longest: 100,
  idleMs: 200,
};
const { signal } = new AbortController();

let line: ReturnType<typeof temporaryStation>;
let outputs: Outputs;
let receiver: Awaited<ReturnType<typeof httpReceiver>>;

beforeEach(async () => {
  line = temporaryStation();
  receiver = await httpReceiver();
  outputs = openOutputs(line.store, TIMES);
});
afterEach(async () => {
  await outputs.close();
  await receiver.close();
  await line.dispose();
});

const addWebhook = async (url = receiver.url) => {
  const target = { type: 'webhook' as const, url, plaintext: false, certificateFile: null };
  return (await outputs.procedures.add({ station: 1, target, secret: SECRET }, signal)).id;
};
const send = (...sequences: number[]) => {
  for (const sequence of sequences) line.store.outbox.add(1, messageOf(sequence));
};
const state = () => line.store.outputs.list(1)[0];
const untilDelivered = () => vi.waitFor(() => expect(state().pending).toBe(0), { timeout: 10_000 });
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('messages', () => {
  it('are delivered in order, once, with a signature', async () => {
    await addWebhook();
    outputs.procedures.deliver();
    send(1, 2, 3);
    await untilDelivered();
    expect(receiver.sequences()).toEqual([1, 2, 3]);
    const { body, headers } = receiver.received[0];
    expect(JSON.parse(body)).toEqual(messageOf(1));
    const seconds = Number(/^t=(\d+),/.exec(String(headers['x-perch-signature']))?.[1]);
    expect(Math.abs(Date.now() / 1000 - seconds)).toBeLessThan(60);
    expect(headers).toMatchObject({
      'x-perch-signature': signatureOf(body, SECRET, seconds),
      'idempotency-key': messageOf(1).id,
      'content-type': 'application/json',
    });
    expect(state()).toMatchObject({ pending: 0, lastError: null, pendingSince: null });
    expect(state().deliveredAt).not.toBeNull();
  });

  it('are added to no output that does not exist, or is disabled', async () => {
    send(1);
    expect(line.store.outbox.isWanted(1)).toBe(false);
    const id = await addWebhook();
    expect(line.store.outbox.isWanted(1)).toBe(true);
    await outputs.procedures.change({ output: id, enabled: false }, signal);
    send(2);
    expect(state().pending).toBe(0);
  });

  it('are not added if their transaction is rolled back', async () => {
    await addWebhook();
    expect(() =>
      line.store.transaction(() => {
        send(1);
        throw new Error('disk full');
      }),
    ).toThrow('disk full');
    expect(state().pending).toBe(0);
  });

  it('wait while the receiver is down, and arrive in order when it is back', async () => {
    await addWebhook();
    outputs.procedures.deliver();
    send(1);
    await untilDelivered();
    const { port } = receiver;
    const before = receiver.sequences();
    await receiver.close();
    send(...range(2, 30));
    await vi.waitFor(() => expect(state().lastError?.error.message).toContain('nothing listens there'));
    expect(state()).toMatchObject({ pending: 29, lastError: { error: { code: 'NOT_DELIVERED' } } });
    expect(state().nextAttemptAt).not.toBeNull();
    receiver = await httpReceiver(port);
    await untilDelivered();
    expect([...before, ...receiver.sequences()]).toEqual(range(1, 30));
    expect(state().lastError).toBeNull();
  });

  it('are repeated with the same id if the receiver fails, or answers too late', async () => {
    await addWebhook();
    receiver.state.status = 503;
    outputs.procedures.deliver();
    send(1, 2);
    await vi.waitFor(() => expect(receiver.received.length).toBeGreaterThan(2));
    receiver.state.delayMs = 1000;
    receiver.state.status = 200;
    await vi.waitFor(() => expect(state().lastError?.error.message).toContain('in time'), { timeout: 5000 });
    receiver.state.delayMs = 0;
    await untilDelivered();
    const ids = receiver.ids();
    expect(new Set(ids)).toEqual(new Set([messageOf(1).id, messageOf(2).id]));
    expect(ids.lastIndexOf(messageOf(1).id)).toBeLessThan(ids.indexOf(messageOf(2).id));
  });

  it.each([400, 413, 422])('that the receiver refuses with %d are set aside and counted', async (status) => {
    await addWebhook();
    receiver.state.status = status;
    receiver.state.answer = 'no\nsuch field';
    outputs.procedures.deliver();
    send(1);
    await untilDelivered();
    receiver.state.status = 200;
    expect(state()).toMatchObject({
      refused: 1,
      deliveredAt: null,
      lastError: { error: { message: expect.stringContaining(`${status} and the answer "no such field"`) } },
    });
    send(2);
    await untilDelivered();
    expect(state()).toMatchObject({ refused: 1, lastError: null });
  });

  it.each([301, 302, 307, 308, 401, 404, 500])('wait if the answer is %d', async (status) => {
    const other = await httpReceiver();
    receiver.state.headers = { location: other.url };
    receiver.state.status = status;
    await addWebhook();
    outputs.procedures.deliver();
    send(1);
    await vi.waitFor(() => expect(receiver.received.length).toBeGreaterThan(1));
    expect(state()).toMatchObject({ pending: 1, refused: 0 });
    expect(other.received).toEqual([]);
    await other.close();
  });

  it('of a full outbox push out the oldest, which are counted', async () => {
    const id = await addWebhook();
    send(1, 2);
    line.store.database.prepare('UPDATE outputs SET pending = ? WHERE id = ?').run(MAX_PENDING, id);
    send(3);
    expect(state()).toMatchObject({ pending: MAX_PENDING, dropped: 1 });
    expect(line.store.outbox.next(id, 9).map(({ message }) => message.piece.sequence)).toEqual([2, 3]);
  });

  it('are removed with their output, and with the station', async () => {
    const id = await addWebhook();
    send(1);
    await outputs.procedures.remove({ output: id }, signal);
    const rows = () => line.store.database.prepare('SELECT count(*) FROM outbox').pluck().get();
    expect(rows()).toBe(0);
    await addWebhook();
    send(2);
    line.store.database.exec('DELETE FROM stations');
    expect(rows()).toBe(0);
  });

  it('are sent to the new target after a change', async () => {
    const id = await addWebhook('http://127.0.0.1:9/');
    outputs.procedures.deliver();
    send(1);
    await vi.waitFor(() => expect(state().lastError).not.toBeNull());
    const target = { type: 'webhook' as const, url: receiver.url, plaintext: false, certificateFile: null };
    await outputs.procedures.change({ output: id, target }, signal);
    send(2);
    await untilDelivered();
    expect(receiver.sequences()).toEqual([1, 2]);
  });

  it('are delivered by one process at a time', async () => {
    await addWebhook();
    const others = [1, 2, 3].map(() => openOutputs(line.store, TIMES));
    for (const { procedures } of [outputs, ...others]) procedures.deliver();
    for (const sequence of range(1, 40)) {
      send(sequence);
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    await untilDelivered();
    for (const other of others) await other.close();
    expect(receiver.sequences()).toEqual(range(1, 40));
  });
});

describe('a host that is killed again and again', () => {
  it('delivers every message at least once, in order, with its id', { timeout: 60_000 }, async () => {
    await addWebhook();
    const total = 120;
    send(...range(1, total));
    const script = `
      import { Store } from ${JSON.stringify(new URL('../../store/store.ts', import.meta.url).href)};
      import { openOutputs } from ${JSON.stringify(new URL('./outputs.ts', import.meta.url).href)};
      openOutputs(new Store(process.argv[1]), ${JSON.stringify(TIMES)}).procedures.deliver();
      setInterval(() => {}, 1000);`;
    receiver.state.delayMs = 5;
    let kills = 0;
    while (state().pending > 0) {
      const host = spawn(process.execPath, ['--input-type=module', '--eval', script, line.home], {
        stdio: 'inherit',
      });
      const known = receiver.received.length;
      await vi.waitFor(
        () => expect(receiver.received.length + Number(state().pending === 0)).toBeGreaterThan(known),
        {
          timeout: 20_000,
        },
      );
      await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 200));
      host.kill('SIGKILL');
      await once(host, 'exit');
      kills++;
    }
    expect(kills).toBeGreaterThan(1);
    const sequences = receiver.sequences();
    expect([...new Set(sequences)]).toEqual(range(1, total));
    // Only the message that was being delivered at a kill comes twice, and directly after itself.
    expect(
      sequences.every((sequence, index) => [0, 1].includes(sequence - (sequences[index - 1] ?? 1))),
    ).toBe(true);
    expect(sequences.length - total).toBeLessThanOrEqual(kills);
    expect(new Set(receiver.ids()).size).toBe(total);
  });
});
