import type { MqttClient } from 'mqtt';
import type { DecisionMessage } from '../../../common/api/decision-message.ts';
import { PerchError } from '../../../common/api/errors.ts';
import { assertEncrypted, trustedCertificates, unreachable } from './connection.ts';
import type { Target, TargetOf } from './target.ts';

const CONNECT_TIMEOUT_MS = 10_000;

/** Publishes messages with QoS 1: each is delivered once the broker has acknowledged it. */
export function openMqtt(target: TargetOf<'mqtt'>, password: string | undefined): Target {
  const { url, topic } = target;
  assertEncrypted(target);
  let client: MqttClient | undefined;

  async function connected(signal: AbortSignal): Promise<MqttClient> {
    if (client?.connected) return client;
    await disconnect();
    // Loaded on first use, because few users have a broker.
    const { default: mqtt } = await import('mqtt');
    // The outbox repeats what was not acknowledged, so the client neither reconnects nor keeps messages.
    const made = mqtt.connect(url, {
      reconnectPeriod: 0,
      connectTimeout: CONNECT_TIMEOUT_MS,
      queueQoSZero: false,
      clean: true,
      ...(target.username && { username: target.username }),
      ...(password !== undefined && { password }),
      ...trustedCertificates(target),
    });
    client = made;
    // Without a listener, the error of a disconnection would end the process.
    made.on('error', () => {});
    const { promise, resolve, reject } = Promise.withResolvers<MqttClient>();
    made.once('connect', () => resolve(made)).once('error', reject);
    return await orDisconnected(made, signal, promise);
  }

  async function disconnect(): Promise<void> {
    const former = client;
    client = undefined;
    await former?.endAsync(true).catch(() => {});
  }

  async function publish(message: DecisionMessage, signal: AbortSignal): Promise<void> {
    try {
      const broker = await connected(signal);
      const sent = broker.publishAsync(topicOf(topic, message), JSON.stringify(message), { qos: 1 });
      await orDisconnected(broker, signal, sent);
    } catch (cause) {
      await disconnect();
      throw cause instanceof PerchError ? cause : unreachable(url, cause);
    }
  }

  return {
    async deliver(message, signal) {
      await publish(message, signal);
      return undefined;
    },
    test: publish,
    close: disconnect,
  };
}

/** A topic for a message. Characters with a meaning in topics are replaced in names. */
export function topicOf(template: string, message: DecisionMessage): string {
  const values: Record<string, string> = {
    station: message.station,
    kind: message.kind,
    decision: message.kind === 'test' ? 'test' : (message.decision ?? 'none'),
  };
  return template.replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
    (values[name] ?? whole).replaceAll(/[/+#\p{Cc}]/gu, '_'),
  );
}

/** Waits for `work`, and fails when the connection is closed or the signal aborts. */
async function orDisconnected<Result>(
  client: MqttClient,
  signal: AbortSignal,
  work: Promise<Result>,
): Promise<Result> {
  const { promise: failed, reject } = Promise.withResolvers<never>();
  const closed = () => reject(new Error('the broker closed the connection'));
  const aborted = () => reject(new Error('the broker did not answer in time'));
  client.on('close', closed);
  signal.addEventListener('abort', aborted);
  try {
    if (signal.aborted) aborted();
    return await Promise.race([work, failed]);
  } finally {
    client.off('close', closed);
    signal.removeEventListener('abort', aborted);
  }
}
