/** Replaces the engine in tests of its limits. The path of a request names the resource that the request exhausts. */
import net from 'node:net';
import { receiveMessages, sendMessage } from '../../protocol/ipc-codec.ts';
import type { FromEngine, ToEngine } from '../../protocol/messages.ts';
import { watchMemory } from '../../runtime/memory-watch.ts';

const pipe = new net.Socket({ fd: 3, readable: true, writable: true });
const send = (message: FromEngine) => sendMessage(pipe, message);
const limit = Number(/\d+/.exec(process.argv[2])?.[0]);

watchMemory(limit);
pipe.on('close', () => process.exit());
receiveMessages(pipe, (received) => {
  const message = received as ToEngine;
  if (message.type !== 'request' || message.kind !== 'readModel') return;
  const { id, request } = message;
  const estimate = request.path.endsWith('weights') ? { estimate: { seconds: 5, bytes: 100e6 } } : {};
  send({ type: 'progress', id, progress: { stage: 'decode', fraction: 0.5, ...estimate } });
  // The timer lets the message leave before the process is busy.
  setTimeout(() => {
    const held: unknown[] = [];
    if (request.path.endsWith('bytes')) for (;;) held.push(Buffer.alloc(2 ** 20, 1));
    if (request.path.endsWith('objects')) for (;;) held.push({ held: [held.length] });
    if (request.path.endsWith('for ever')) for (;;);
    if (request.path.endsWith('weights')) for (const end = Date.now() + 4000; Date.now() < end;);
    if (request.path.endsWith('crash')) process.kill(process.pid, 'SIGKILL');
    const response = { bytes: process.pid, sha256: '', sourceSha256: '' };
    send({ type: 'response', id, response });
  }, 20);
});
send({ type: 'ready', info: { device: 'greedy', isas: [], versions: {}, warnings: [] } });
