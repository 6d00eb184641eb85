import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OutputTarget } from '../../../common/api/outputs.ts';
import { openOutputs, type Outputs } from '../outputs.ts';
import { httpReceiver, mqttBroker, selfSigned } from '../test/receivers.ts';
import { messageOf, temporaryStation } from '../test/station.ts';
import { topicOf } from './mqtt.ts';

const KEY = 'correct horse battery staple';
const TIMES = { lookMs: 20, attemptMs: 2000, leaseMs: 3000, first: 30, longest: 100, idleMs: 500 };
const { signal } = new AbortController();

let certificate: { key: string; cert: string };
beforeAll(async () => {
  certificate = await selfSigned();
});

let line: ReturnType<typeof temporaryStation>;
let outputs: Outputs;
let certificateFile: string;
const closing: (() => Promise<void>)[] = [];

beforeEach(() => {
  line = temporaryStation();
  outputs = openOutputs(line.store, TIMES);
  certificateFile = join(line.folder, 'certificate.pem');
  writeFileSync(certificateFile, certificate.cert);
});
afterEach(async () => {
  await outputs.close();
  for (const close of closing.splice(0)) await close();
  await line.dispose();
});

const opened = async <Receiver extends { close(): Promise<void> }>(making: Promise<Receiver>) => {
  const receiver = await making;
  closing.push(receiver.close);
  return receiver;
};
const webhook = (url: string, change = {}): OutputTarget => ({
  type: 'webhook',
  url,
  plaintext: false,
  certificateFile: null,
  ...change,
});
const mqtt = (url: string, change = {}): OutputTarget => ({
  type: 'mqtt',
  url,
  topic: 'perch/{station}/{decision}',
  username: '',
  plaintext: false,
  certificateFile: null,
  ...change,
});
const add = async (target: OutputTarget, secret?: string) =>
  (await outputs.procedures.add({ station: 1, target, ...(secret && { secret }) }, signal)).id;
const test = async (output: number) => await outputs.procedures.test({ output }, signal);
const state = () => line.store.outputs.list(1)[0];
const untilDelivered = () => vi.waitFor(() => expect(state().pending).toBe(0), { timeout: 10_000 });

describe('a webhook with a self-signed certificate', () => {
  it('is refused unless its certificate is trusted', async () => {
    const receiver = await opened(httpReceiver(0, certificate));
    const id = await add(webhook(receiver.url), KEY);
    await expect(test(id)).rejects.toMatchObject({
      code: 'NOT_DELIVERED',
      message: expect.stringContaining('self-signed'),
    });
    expect(receiver.received).toEqual([]);
    await outputs.procedures.change(
      { output: id, target: webhook(receiver.url, { certificateFile }) },
      signal,
    );
    await test(id);
    expect(JSON.parse(receiver.received[0].body)).toMatchObject({ kind: 'test', station: 'Line 1' });
  });

  it('names the certificate file that is missing', async () => {
    const receiver = await opened(httpReceiver(0, certificate));
    const id = await add(webhook(receiver.url, { certificateFile: '/missing/ca.pem' }), KEY);
    await expect(test(id)).rejects.toMatchObject({ message: expect.stringContaining('/missing/ca.pem') });
  });
});

describe('a broker', () => {
  it('receives messages in order with QoS 1, also those that waited while it was down', async () => {
    const broker = await mqttBroker();
    await add(mqtt(broker.url));
    outputs.procedures.deliver();
    for (const sequence of [1, 2, 3]) line.store.outbox.add(1, messageOf(sequence));
    await untilDelivered();
    expect(broker.received.map(({ topic, qos }) => ({ topic, qos }))).toEqual(
      Array.from({ length: 3 }, () => ({ topic: 'perch/Line 1/reject', qos: 1 })),
    );
    expect(JSON.parse(broker.received[0].payload)).toEqual(messageOf(1));
    await broker.close();
    for (const sequence of [4, 5]) line.store.outbox.add(1, messageOf(sequence));
    await vi.waitFor(() => expect(state().lastError?.error.code).toBe('NOT_DELIVERED'), { timeout: 5000 });
    expect(state().pending).toBe(2);
    const back = await opened(mqttBroker(broker.port));
    await untilDelivered();
    expect([...broker.sequences(), ...back.sequences()]).toEqual([1, 2, 3, 4, 5]);
  });

  it('is used with TLS, a user name and a password', async () => {
    const broker = await opened(mqttBroker(0, { tls: certificate, password: KEY }));
    const id = await add(mqtt(broker.url, { certificateFile, username: 'perch' }), 'wrong');
    await expect(test(id)).rejects.toMatchObject({ message: expect.stringMatching(/not authorized/i) });
    await outputs.procedures.change({ output: id, secret: KEY }, signal);
    await test(id);
    expect(broker.received).toMatchObject([{ topic: 'perch/Line 1/test', qos: 1 }]);
    const bare = await add(mqtt(broker.url, { username: 'perch' }), KEY);
    await expect(test(bare)).rejects.toMatchObject({ message: expect.stringContaining('self-signed') });
  });

  it('has topics in which names mean nothing', () => {
    const message = messageOf(1, { station: { id: 1, name: 'a/#+b' }, decision: null });
    expect(topicOf('x/{station}/{decision}/{kind}/{other}', message)).toBe('x/a___b/none/decision/{other}');
  });
});

describe('an output', () => {
  it.each([
    [webhook('http://line.example/hook'), KEY, 'without encryption'],
    [mqtt('mqtt://broker.example'), undefined, 'without encryption'],
    [webhook('http://127.0.0.1.line.example/hook'), KEY, 'without encryption'],
    [webhook('https://line.example/hook'), undefined, 'needs a secret'],
    [webhook('https://line.example/hook'), 'short', 'at least 16 characters'],
    [mqtt('mqtts://broker.example'), 'password', 'user name'],
    [{ type: 'file', folder: null } as OutputTarget, KEY, 'no secret'],
  ])('is refused: %j', async (target, secret, reason) => {
    await expect(add(target, secret)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining(reason),
    });
    expect(line.store.outputs.list()).toEqual([]);
  });

  it('may send plain text to this machine, or where it is allowed', async () => {
    await add(webhook('http://localhost:9/'), KEY);
    await add(webhook('http://127.0.0.1:9/'), KEY);
    await add(webhook('http://[::1]:9/'), KEY);
    await add(webhook('http://line.example/', { plaintext: true }), KEY);
  });

  it('cannot be added twice', async () => {
    await add({ type: 'file', folder: null });
    await expect(add({ type: 'file', folder: null })).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});
