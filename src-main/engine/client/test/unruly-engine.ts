/** Stands in for the engine in tests of its client: does with a preview what its path says. */
import net from 'node:net';
import type { FromEngine, ToEngine } from '../../protocol/messages.ts';
import { receiveMessages, sendMessage } from '../../protocol/ipc-codec.ts';

const wire = new net.Socket({ fd: 3, readable: true, writable: true });
const send = (message: FromEngine) => sendMessage(wire, message);
const answer = (id: number) =>
  send({ type: 'response', id, response: { png: Uint8Array.of(process.pid % 256) } });
const open = new Set<number>();

wire.on('close', () => process.exit());
receiveMessages(wire, (received) => {
  const message = received as ToEngine;
  if (message.type === 'cancel') {
    if (open.delete(message.id))
      send({ type: 'failure', id: message.id, error: { code: 'CANCELED', message: '' } });
    return;
  }
  const { id, request } = message;
  const path = 'path' in request ? request.path : '';
  if (path === 'crash') process.kill(process.pid, 'SIGKILL');
  else if (path === 'crash soon') setTimeout(() => process.kill(process.pid, 'SIGKILL'), 100);
  else if (path === 'network') send({ type: 'network', id, file: '/models/net.onnx', seconds: 0.3 });
  else if (path === 'short network') {
    send({ type: 'network', id, file: '/models/net.onnx', seconds: 0.3 });
    send({ type: 'network', id, file: '/models/net.onnx', seconds: null });
    setTimeout(() => answer(id), 600);
  } else if (path === 'slow') setTimeout(() => answer(id), 400);
  else if (path === 'wait') open.add(id);
  else if (path === 'refuse')
    send({ type: 'failure', id, error: { code: 'NOT_AN_IMAGE', message: 'no image' } });
  else if (path !== 'ignore') answer(id);
});
send({ type: 'ready', report: { device: 'unruly', isas: [], versions: {}, warnings: [] } });
