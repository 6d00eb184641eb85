/**
 * The engine: a child process of plain Node that does all heavy work, so that a crash or an out-of-memory in native code
 * ends one task and not the application. It ends with its host.
 */
import net from 'node:net';
import os from 'node:os';
import sharp from 'sharp';
import { PerchError, reportOf } from '../api/errors.ts';
import { loadNative, nativeLoadError } from '../methods/native.ts';
import { backboneFeatures } from '../methods/extractors/backbone.ts';
import type { Isa } from '../methods/types.ts';
import { encodePreview } from './decode.ts';
import { OnnxGraphs } from './graphs.ts';
import { extract, inspect, statistic, type TaskContext } from './inspect.ts';
import { picture } from './picture.ts';
import type { EngineReport, FromEngine, Tasks, ToEngine } from './protocol.ts';
import { receiveMessages, sendMessage } from './wire.ts';

type Performers = {
  [Kind in keyof Tasks]: (
    request: Tasks[Kind]['request'],
    context: TaskContext,
  ) => Promise<Tasks[Kind]['answer']>;
};

const performers: Performers = {
  inspect,
  extract,
  statistic,
  picture,
  probe: async ({ graph, image }) => ({ features: await backboneFeatures(graph, image, graphs) }),
  preview: async ({ path, side, maxPixels }) => ({ png: await encodePreview(path, side, maxPixels) }),
};

const ISA_NAMES: Record<Isa, string> = { avx512: 'AVX-512', avx2: 'AVX2', portable: 'portable' };
/** The host's end of the third pipe; when it closes, the host is gone. */
const wire = new net.Socket({ fd: 3, readable: true, writable: true });
const threads = os.availableParallelism();
const graphs = new OnnxGraphs(threads);
const running = new Map<number, AbortController>();

sharp.cache(false);
wire.on('close', () => process.exit());
receiveMessages(wire, (received) => {
  const message = received as ToEngine;
  if (message.type === 'cancel') {
    running.get(message.id)?.abort(new PerchError('CANCELLED', 'Cancelled.'));
  } else {
    void perform(message.id, message.kind, message.request);
  }
});
send({ type: 'ready', report: selfReport() });

async function perform<Kind extends keyof Tasks>(
  id: number,
  kind: Kind,
  request: Tasks[Kind]['request'],
): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  try {
    const context: TaskContext = {
      graphs,
      threads,
      signal: controller.signal,
      report: (progress) => send({ type: 'progress', id, progress }),
    };
    send({ type: 'answer', id, answer: await performers[kind](request, context) });
  } catch (thrown) {
    send({ type: 'failure', id, error: reportOf(thrown) });
  } finally {
    running.delete(id);
  }
}

function send(message: FromEngine): void {
  sendMessage(wire, message);
}

function selfReport(): EngineReport {
  const native = loadNative();
  const count = `${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  if (native)
    return { device: `CPU, ${ISA_NAMES[native.isas[0]]}, ${count}`, isas: native.isas, warnings: [] };
  return {
    device: 'CPU, plain TypeScript',
    isas: [],
    warnings: [
      `The native module is missing (${nativeLoadError() ?? 'not built'}); computing is many times slower. ` +
        'Install CMake and a C++20 compiler and run: npm run build:native',
    ],
  };
}
