import type { Output, OutputTarget } from '../../../common/api/outputs.ts';
import { printError } from './print.ts';
import { formatCount } from './table.ts';

/** The target of an output, for display. */
export function formatTarget(target: OutputTarget): string {
  switch (target.type) {
    case 'file':
      return `JSON lines ${target.folder === null ? 'next to the images' : `in ${target.folder}`}`;
    case 'webhook':
      return `webhook ${target.url}`;
    case 'mqtt':
      return `${target.url} topic ${target.topic}`;
    case 'move':
    case 'copy':
      return `${target.type} ${Object.entries(target.folders)
        .flatMap(([decision, folder]) => (folder === null ? [] : [`${decision}=${folder}`]))
        .join(',')}`;
  }
}

/** Prints to standard error when delivery to an output fails, for another reason than before, and when it works again. */
export function outputPrinter(): (outputs: readonly Output[]) => void {
  const failing = new Map<number, string>();
  return (outputs) => {
    for (const { id, target, lastError, pending } of outputs) {
      const message = lastError?.error.message;
      if (message === failing.get(id)) continue;
      if (message === undefined) failing.delete(id);
      else failing.set(id, message);
      printError(
        message === undefined
          ? `output ${id} (${formatTarget(target)}) works again`
          : `output ${id}: ${message} ${formatCount(pending, 'message')} pending.`,
      );
    }
  };
}

/** "2  webhook https://line.example/  3 messages wait: Could not reach ..." */
export function formatOutput(output: Output): string {
  const { id, target, enabled, pending, refused, dropped, lastError } = output;
  const state = [
    ...(enabled ? [] : ['disabled']),
    ...(pending > 0 ? [`${formatCount(pending, 'message')} pending`] : []),
    ...(refused > 0 ? [`${refused} refused`] : []),
    ...(dropped > 0 ? [`${dropped} dropped`] : []),
    ...(lastError ? [lastError.error.message] : []),
  ];
  return `${id}  ${formatTarget(target)}  ${state.length === 0 ? 'nothing pending' : state.join(', ')}`;
}
