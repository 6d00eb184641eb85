import { PerchError } from '../../common/api/errors.ts';
import type { OutputTarget } from '../../common/api/outputs.ts';
import type { Store } from '../../store/store.ts';
import { openMqtt } from './targets/mqtt.ts';
import { openSidecar } from './targets/sidecar.ts';
import type { Target } from './targets/target.ts';
import { openTransfer } from './targets/transfer.ts';
import { openWebhook } from './targets/webhook.ts';

/** Opens the target of an output. @throws PerchError `NOT_FOUND`, `INVALID_ARGUMENT`, `NOT_READABLE` */
export function openTarget(
  store: Store,
  station: number,
  target: OutputTarget,
  secret: string | undefined,
): Target {
  const files = () => ({ store, station, folder: store.stations.get(station).folder });
  switch (target.type) {
    case 'file':
      return openSidecar(target, files());
    case 'webhook':
      if (secret !== undefined) return openWebhook(target, secret);
      throw new PerchError(
        'NOT_FOUND',
        'The secret of this webhook is not in this data directory. Enter it again.',
      );
    case 'mqtt':
      return openMqtt(target, secret);
    case 'move':
    case 'copy':
      return openTransfer(target, files());
  }
}
