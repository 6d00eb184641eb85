import type { Frame } from './frame.ts';
import { ipcMain, type IpcMain } from './ipc-main.ts';
import { emitUnhandledKey, type KeyInput } from './key-events.ts';
import { toJson } from './message-ports.ts';
import { record } from './record.ts';
import { prevented, type Strict } from './strict.ts';

/** A message from the preload script (page/preload-world.js). */
export interface PreloadMessage {
  type: 'send' | 'invoke' | 'port' | 'port-closed' | 'open' | 'close' | 'key' | 'context-menu';
  id: number;
  channel: string;
  args: unknown[];
  data: unknown;
  input: KeyInput;
  params: object;
}

/** The page that receives its preload script's messages. */
export interface MessageReceiver extends InstanceType<typeof Strict> {
  readonly ipc: IpcMain;
  readonly mainFrame: Frame;
  /** Evaluates an expression in the world of the preload script. */
  evaluateInPreload(expression: string): void;
  /** The page called `window.open`. */
  requestWindow(params: object): void;
  /** The page called `window.close`. */
  closeByScript(): void;
}

export function dispatchPreloadMessage(receiver: MessageReceiver, message: PreloadMessage): void {
  const { type, id, channel, args, data, input, params } = message;
  const frame = receiver.mainFrame;
  switch (type) {
    case 'send': {
      const event = ipcEvent(receiver, frame);
      record.note('ipc', channel);
      receiver.emit('ipc-message', event, channel, ...args);
      receiver.ipc.emit(channel, event, ...args);
      ipcMain.emit(channel, event, ...args);
      return;
    }
    case 'invoke':
      void invoke(receiver, frame, message);
      return;
    case 'port':
      frame.fromPort(id, data);
      return;
    case 'port-closed':
      frame.portClosed(id);
      return;
    case 'open':
      receiver.requestWindow(params);
      return;
    case 'close':
      receiver.closeByScript();
      return;
    case 'key':
      // The page has already received the key.
      if (prevented(receiver, 'before-input-event', { type: 'keyDown', ...input }))
        throw new Error('The stand-in cannot keep a key from the page (before-input-event).');
      emitUnhandledKey(input, receiver);
      return;
    case 'context-menu':
      receiver.emit('context-menu', {}, { frame, ...params });
  }
}

async function invoke(receiver: MessageReceiver, frame: Frame, message: PreloadMessage): Promise<void> {
  const { id, channel, args } = message;
  const handler = receiver.ipc.handlerOf(channel) ?? ipcMain.handlerOf(channel);
  let answer: [unknown, string | null];
  try {
    if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
    answer = [await handler(ipcEvent(receiver, frame), ...args), null];
  } catch (thrown) {
    answer = [null, `Error invoking remote method '${channel}': ${String(thrown)}`];
  }
  if (!frame.detached)
    receiver.evaluateInPreload(`standIn.settle(${id}, ${toJson(answer[0])}, ${toJson(answer[1])})`);
}

function ipcEvent(sender: MessageReceiver, frame: Frame): object {
  return {
    sender,
    senderFrame: frame,
    processId: frame.processId,
    frameId: frame.routingId,
    ports: [],
    type: 'frame',
    reply: (channel: string, ...values: unknown[]) => frame.send(channel, ...values),
  };
}
