/**
 * The engine: a child process of plain Node that does all heavy work, so that a crash or an out-of-memory in native code
 * ends one task and not the application. It ends with its host.
 */
import net from 'node:net';
import os from 'node:os';
import * as ort from 'onnxruntime-node';
import sharp from 'sharp';
import packageJson from '../../package.json' with { type: 'json' };
import { PerchError, reportOf } from '../common/api/errors.ts';
import { loadNativeBackend, nativeWarning } from '../methods/backend/native-backend.ts';
import type { Isa } from '../methods/types.ts';
import { encodePreview, encodeValues } from './readers/decode-image.ts';
import { provider as providers, type Provider } from '../common/api/schemas.ts';
import { evaluate } from './evaluation/evaluate-class.ts';
import { examine } from './readers/measure-bit-depths.ts';
import { exhibit } from './rendering/render-report-images.ts';
import { OnnxGraphs } from './inference/onnx-sessions.ts';
import { LatestFeatures, LatestImages } from './inspection/caches.ts';
import { chooseProvider, probeProvider } from './inference/providers.ts';
import { extract, inspect, statistic } from './inspection/inspect.ts';
import { incomingMask } from './masks/normalize-mask.ts';
import { composeMask, regionsOfMask } from './masks/compose-mask.ts';
import { watchMemory } from './runtime/memory-watch.ts';
import { picture } from './rendering/render-overlay.ts';
import { predictedMask } from './masks/predicted-mask.ts';
import { probeModel } from './models/probe-model.ts';
import type { EngineReport, FromEngine, Tasks, ToEngine } from './protocol/messages.ts';
import { mergedNeighbors, readPreciseMap } from './readers/read-map.ts';
import { survey } from './ingest/ingest-image.ts';
import { scoreHistogram } from './evaluation/score-histogram.ts';
import type { TaskContext } from './runtime/handler-context.ts';
import { TimedGraphs } from './inference/timed-runner.ts';
import { Turns } from './runtime/mutex.ts';
import { receiveMessages, sendMessage } from './protocol/ipc-codec.ts';

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
  exhibit,
  evaluate,
  scoreHistogram,
  // Only the process that reads one model file needs what reads them.
  readModel: async (...task) => (await import('./models/read-model.ts')).readModel(...task),
  probe: (request) => probeModel(request, graphsOf('cpu')),
  providers: async () => ({ providers: await Promise.all(providers.options.map(probeProvider)) }),
  values: async ({ path, ...options }) => ({ npy: await encodeValues(path, options) }),
  preview: async ({ path, side, ...options }) => ({ png: await encodePreview(path, side, options) }),
  survey,
  examine,
  map: async ({ path }) => {
    const map = await readPreciseMap(path);
    return { map: { ...map, values: Float32Array.from(map.values) }, merged: mergedNeighbors(map) };
  },
  mask: incomingMask,
  maskRegions: regionsOfMask,
  composeMask,
  predictedMask,
};

const ISA_NAMES: Record<Isa, string> = { avx512: 'AVX-512', avx2: 'AVX2', portable: 'portable' };
/** The wire to the host, on file descriptor 3; when it closes, the host is gone. */
const wire = new net.Socket({ fd: 3, readable: true, writable: true });
const threads = os.availableParallelism();
const graphs = new Map<Provider, OnnxGraphs>();
/** What tasks share. */
const shared = { images: new LatestImages(), features: new LatestFeatures(), turns: new Turns() };
const running = new Map<number, AbortController>();

const [, memoryLimit] = /^--memory-limit=(\d+)$/.exec(process.argv[2] ?? '') ?? [];
if (memoryLimit !== undefined) watchMemory(Number(memoryLimit));
sharp.cache(false);
wire.on('error', () => process.exit());
wire.on('close', () => process.exit());
// A terminal sends Ctrl-C to the engine too; it is the host that decides what ends.
process.on('SIGINT', () => {});
receiveMessages(wire, (received) => {
  const message = received as ToEngine;
  if (message.type === 'cancel') {
    running.get(message.id)?.abort(new PerchError('CANCELLED', 'Cancelled.'));
  } else {
    void perform(message.id, message.kind, message.request);
  }
});
const report = selfReport();
send({ type: 'ready', report });

async function perform<Kind extends keyof Tasks>(
  id: number,
  kind: Kind,
  request: Tasks[Kind]['request'],
): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  try {
    const context: TaskContext = {
      ...shared,
      graphsOn: async (choice) => {
        const { graphs, provider } = await graphsOn(choice);
        const tell = (file: string, seconds: number | null) => send({ type: 'network', id, file, seconds });
        return { graphs: new TimedGraphs(graphs, tell), provider };
      },
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

const graphsOn: TaskContext['graphsOn'] = async (choice) => {
  const { provider, skipped } = await chooseProvider(choice);
  for (const { provider: missing, reason } of skipped) {
    warn(`The provider ${missing} cannot be used, the CPU is used instead. ${reason ?? ''}`);
  }
  return { graphs: graphsOf(provider), provider };
};

function graphsOf(provider: Provider): OnnxGraphs {
  const kept = graphs.get(provider) ?? new OnnxGraphs(threads, provider);
  graphs.set(provider, kept);
  return kept;
}

/** Adds a standing problem to what the engine says of itself. */
function warn(warning: string): void {
  if (report.warnings.includes(warning)) return;
  report.warnings.push(warning);
  send({ type: 'ready', report });
}

function send(message: FromEngine): void {
  sendMessage(wire, message);
}

function selfReport(): EngineReport {
  const native = loadNativeBackend();
  const versions = {
    perch: packageJson.version,
    node: process.versions.node,
    'onnx runtime': ort.env.versions.node ?? '',
    sharp: sharp.versions.sharp ?? '',
    libvips: sharp.versions.vips,
  };
  const warning = nativeWarning();
  const count = `${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  return {
    device: native ? `CPU, ${ISA_NAMES[native.isas[0]]}, ${count}` : 'CPU, plain TypeScript',
    isas: native?.isas ?? [],
    versions,
    warnings: warning === undefined ? [] : [warning],
  };
}
