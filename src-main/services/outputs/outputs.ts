import { randomUUID } from 'node:crypto';
import { PerchError } from '../../common/api/errors.ts';
import type { Output, OutputTarget } from '../../common/api/outputs.ts';
import { isInside } from '../../files/is-inside.ts';
import { Secrets } from '../../files/secrets.ts';
import { transferFolders } from '../../store/outputs.ts';
import type { Store } from '../../store/store.ts';
import type { Services } from '../types.ts';
import { Delivery, type DeliveryTimes } from './delivery.ts';
import { ENVELOPE } from './make-message.ts';
import { openTarget } from './open-target.ts';
import { assertEncrypted } from './targets/connection.ts';

/** A key of less would not resist a search for it. */
const MIN_KEY = 16;
const TEST_TIMEOUT_MS = 10_000;

/** Name of an output's secret. Ids are never reused. */
const secretName = (output: number) => `output:${output}`;

export interface Outputs {
  procedures: Services['outputs'];
  close(): Promise<void>;
}

/** The procedures for outputs, and their delivery. */
export function openOutputs(store: Store, times?: DeliveryTimes): Outputs {
  const secrets = new Secrets(store.home);
  const targetOf = (id: number) => {
    const { station, target } = store.outputs.get(id);
    return openTarget(store, station, target, secrets.get(secretName(id)));
  };
  const delivery = new Delivery(store, targetOf, times);

  const procedures: Services['outputs'] = {
    list: ({ station }) => ({ outputs: store.outputs.list(station) }),
    add({ station, target, secret }) {
      assertComplete(target, secret);
      assertElsewhere(store.stations.get(station), target);
      return store.transaction(() => {
        const output = store.outputs.add(station, target, secret !== undefined);
        if (secret !== undefined) secrets.set(secretName(output.id), secret);
        return output;
      });
    },
    change({ output: id, target, secret, enabled }) {
      const { station, target: former, hasSecret } = store.outputs.get(id);
      const next = target ?? former;
      if (next.type !== former.type)
        throw new PerchError('INVALID_ARGUMENT', 'An output keeps its type. Add another output.');
      assertComplete(next, secret, hasSecret && secret !== null);
      assertElsewhere(store.stations.get(station), next);
      const changed = store.transaction(() => {
        if (secret !== undefined) secrets.set(secretName(id), secret);
        return store.outputs.change(id, {
          ...(target && { target }),
          ...(secret !== undefined && { hasSecret: secret !== null }),
          ...(enabled !== undefined && { enabled }),
        });
      });
      delivery.wake();
      return changed;
    },
    remove({ output }) {
      store.outputs.get(output);
      store.outputs.remove(output);
      forgetSecrets(store, secrets);
    },
    async test({ output }, signal) {
      const target = targetOf(output);
      const begun = performance.now();
      try {
        await target.test(testMessage(store, store.outputs.get(output)), limited(signal));
      } finally {
        await target.close();
      }
      return { seconds: (performance.now() - begun) / 1000 };
    },
    retry({ output }) {
      store.outputs.get(output);
      const changed = store.outputs.change(output, {});
      delivery.wake();
      return changed;
    },
    deliver() {
      forgetSecrets(store, secrets);
      delivery.start();
    },
  };
  return { procedures, close: () => delivery.stop() };
}

const limited = (signal: AbortSignal) => AbortSignal.any([signal, AbortSignal.timeout(TEST_TIMEOUT_MS)]);

/** @throws PerchError `INVALID_ARGUMENT` */
function assertComplete(target: OutputTarget, secret: string | null | undefined, hasSecret = false): void {
  if ('url' in target) assertEncrypted(target);
  if (target.type === 'webhook') {
    if (!hasSecret && !secret)
      throw new PerchError(
        'INVALID_ARGUMENT',
        'A webhook needs a secret, with which its messages are signed.',
      );
    if (secret && secret.length < MIN_KEY)
      throw new PerchError(
        'INVALID_ARGUMENT',
        `The secret of a webhook needs at least ${MIN_KEY} characters.`,
      );
    return;
  }
  if (secret && target.type !== 'mqtt')
    throw new PerchError('INVALID_ARGUMENT', 'An output to files has no secret.');
  if (target.type === 'mqtt' && secret && target.username === '')
    throw new PerchError('INVALID_ARGUMENT', 'A password needs a user name.');
}

/** Refuses a folder that contains all pieces, because files in it are not pieces. @throws PerchError `INVALID_ARGUMENT` */
function assertElsewhere({ folder }: { folder: string }, target: OutputTarget): void {
  const wrong = transferFolders(target).find((each) => isInside(each, folder));
  if (wrong === undefined) return;
  throw new PerchError(
    'INVALID_ARGUMENT',
    `${wrong} contains the folder that the station watches. Choose a folder below it, or another one.`,
  );
}

/** Removes the secrets of outputs that no longer exist, such as those of a removed station. */
function forgetSecrets(store: Store, secrets: Secrets): void {
  const kept = new Set(store.outputs.list().map(({ id }) => secretName(id)));
  for (const name of secrets.names())
    if (name.startsWith(secretName(0).slice(0, -1)) && !kept.has(name)) secrets.set(name, null);
}

function testMessage(store: Store, { station }: Output) {
  return {
    kind: 'test' as const,
    ...ENVELOPE,
    id: randomUUID(),
    station: store.stations.get(station).name,
    sentAt: new Date().toISOString(),
  };
}
