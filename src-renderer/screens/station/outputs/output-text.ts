import type { Output, OutputTarget, OutputType } from '../../../../src-main/common/api/outputs.ts';
import { counted, formatCount } from '../../../format/numbers.ts';
import { clockText } from '../station-text.ts';

/** The name of each type of output, in the order in which they are offered. */
export const outputTypes: Record<OutputType, string> = {
  webhook: 'Webhook',
  mqtt: 'MQTT',
  file: 'JSON lines',
  copy: 'Copy files by decision',
  move: 'Move files by decision',
};

/** Where an output sends messages or files. */
export function placeText(target: OutputTarget): string {
  switch (target.type) {
    case 'file':
      return target.folder ?? 'next to each image';
    case 'webhook':
      return target.url;
    case 'mqtt':
      return `${target.url}, topic ${target.topic}`;
    case 'copy':
    case 'move':
      return Object.entries(target.folders)
        .flatMap(([decision, folder]) =>
          folder === null ? [] : [`${decision === 'none' ? 'no decision' : decision}: ${folder}`],
        )
        .join(', ');
  }
}

/** How the delivery goes, as phrases. */
export function deliveryText(output: Output): string {
  const { enabled, pending, pendingSince, deliveredAt, nextAttemptAt, refused, dropped } = output;
  const parts = [
    enabled ? '' : 'Off',
    pending > 0 && pendingSince !== null
      ? `${formatCount(pending)} pending since ${clockText(pendingSince)}`
      : '',
    nextAttemptAt === null ? '' : `next attempt ${clockText(nextAttemptAt)}`,
    refused > 0 ? `${counted(refused, 'message')} refused` : '',
    dropped > 0 ? `${counted(dropped, 'message')} dropped` : '',
    deliveredAt === null ? 'nothing delivered yet' : `last delivered ${clockText(deliveredAt)}`,
  ].filter(Boolean);
  const text = parts.join(', ');
  return `${text[0].toUpperCase()}${text.slice(1)}`;
}
