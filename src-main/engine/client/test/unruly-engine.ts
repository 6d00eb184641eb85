/** Replaces the engine in tests of its client. Each path of a request names a behavior. */
import net from 'node:net';
import { receiveMessages, sendMessage } from '../../protocol/ipc-codec.ts';
import type { FromEngine, ToEngine } from '../../protocol/messages.ts';

const MODEL = '/models/net.onnx';

const pipe = new net.Socket({ fd: 3, readable: true, writable: true });
const send = (message: FromEngine) => sendMessage(pipe, message);
const respond = (id: number) =>
  send({ type: 'response', id, response: { png: Uint8Array.of(process.pid % 256) } });
const cancelable = new Set<number>();

pipe.on('close', () => process.exit());
receiveMessages(pipe, (received) => {
  const message = received as ToEngine;
  if (message.type === 'cancel') {
    if (cancelable.delete(message.id))
      send({ type: 'failure', id: message.id, error: { code: 'CANCELED', message: '' } });
    return;
  }
  const { id, request } = message;
  const path = 'path' in request ? request.path : '';
  const kill = () => process.kill(process.pid, 'SIGKILL');
  if (path === 'crash') kill();
  else if (path === 'crash soon') setTimeout(kill, 100);
  else if (path === 'endless model') send({ type: 'model-run', id, file: MODEL, timeoutSeconds: 0.3 });
  else if (path === 'fast model') {
    send({ type: 'model-run', id, file: MODEL, timeoutSeconds: 0.3 });
    send({ type: 'model-run', id, file: MODEL, timeoutSeconds: null });
    setTimeout(() => respond(id), 600);
  } else if (path === 'slow') setTimeout(() => respond(id), 400);
  else if (path === 'until canceled') cancelable.add(id);
  else if (path === 'no image')
    send({ type: 'failure', id, error: { code: 'NOT_AN_IMAGE', message: 'no image' } });
  else if (path === 'print') {
    console.log('to stdout');
    console.error('to stderr');
    respond(id);
  } else if (path === 'garbage') pipe.write(Buffer.alloc(8, 0xff));
  else if (path !== 'never') respond(id);
});
send({ type: 'ready', info: { device: 'unruly', isas: [], versions: {}, warnings: [] } });
