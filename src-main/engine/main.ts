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
import { evaluateClass } from './evaluation/evaluate-class.ts';
import { measureBitDepths } from './readers/measure-bit-depths.ts';
import { renderReportImages } from './rendering/render-report-images.ts';
import { SessionPool } from './inference/onnx-sessions.ts';
import { FeatureCache, ImageCache } from './inspection/caches.ts';
import { chooseProvider, probeProvider } from './inference/providers.ts';
import { extract, inspect, score } from './inspection/inspect.ts';
import { normalizeMask } from './masks/normalize-mask.ts';
import { composeMask, findMaskRegions } from './masks/compose-mask.ts';
import { watchMemory } from './runtime/memory-watch.ts';
import { renderOverlay } from './rendering/render-overlay.ts';
import { predictMask } from './masks/predicted-mask.ts';
import { probeModel } from './models/probe-model.ts';
import type { EngineInfo, FromEngine, EngineRequests, ToEngine } from './protocol/messages.ts';
import { mergedNeighbors, readPreciseMap } from './readers/read-map.ts';
import { ingestImage } from './ingest/ingest-image.ts';
import { scoreHistogram } from './evaluation/score-histogram.ts';
import type { HandlerContext } from './runtime/handler-context.ts';
import { TimedRunner } from './inference/timed-runner.ts';
import { Mutex } from './runtime/mutex.ts';
import { receiveMessages, sendMessage } from './protocol/ipc-codec.ts';

type Handlers = {
  [Kind in keyof EngineRequests]: (
    request: EngineRequests[Kind]['request'],
    context: HandlerContext,
  ) => Promise<EngineRequests[Kind]['response']>;
};

const handlers: Handlers = {
  inspect,
  extract,
  score,
  preview: async ({ path, side, ...options }) => ({ png: await encodePreview(path, side, options) }),
  readValues: async ({ path, ...options }) => ({ npy: await encodeValues(path, options) }),
  measureBitDepths,
  readMap: async ({ path }) => {
    const map = await readPreciseMap(path);
    return { map: { ...map, values: Float32Array.from(map.values) }, merged: mergedNeighbors(map) };
  },
  ingestImage,
  normalizeMask,
  composeMask,
  findMaskRegions,
  predictMask,
  renderOverlay,
  renderReportImages,
  evaluateClass,
  scoreHistogram,
  // Loaded on demand: only the process that reads a single model file needs these modules.
  readModel: async (...args) => (await import('./models/read-model.ts')).readModel(...args),
  probeModel: (request) => probeModel(request, sessionPool('cpu')),
  probeProviders: async () => ({ providers: await Promise.all(providers.options.map(probeProvider)) }),
};

const ISA_NAMES: Record<Isa, string> = { avx512: 'AVX-512', avx2: 'AVX2', portable: 'portable' };
/** The wire to the host, on file descriptor 3; when it closes, the host is gone. */
const wire = new net.Socket({ fd: 3, readable: true, writable: true });
const threads = os.availableParallelism();
const pools = new Map<Provider, SessionPool>();
/** What tasks share. */
const shared = { imageCache: new ImageCache(), featureCache: new FeatureCache(), computeMutex: new Mutex() };
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
    running.get(message.id)?.abort(new PerchError('CANCELED', 'Canceled.'));
  } else {
    void handle(message.id, message.kind, message.request);
  }
});
const report = selfReport();
send({ type: 'ready', report });

async function handle<Kind extends keyof EngineRequests>(
  id: number,
  kind: Kind,
  request: EngineRequests[Kind]['request'],
): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  try {
    const context: HandlerContext = {
      ...shared,
      runnerFor: async (choice) => {
        const { runner, provider } = await chooseRunner(choice);
        const tell = (file: string, seconds: number | null) => send({ type: 'network', id, file, seconds });
        return { runner: new TimedRunner(runner, tell), provider };
      },
      threads,
      signal: controller.signal,
      report: (progress) => send({ type: 'progress', id, progress }),
    };
    send({ type: 'response', id, response: await handlers[kind](request, context) });
  } catch (thrown) {
    send({ type: 'failure', id, error: reportOf(thrown) });
  } finally {
    running.delete(id);
  }
}

const chooseRunner: HandlerContext['runnerFor'] = async (choice) => {
  const { provider, skipped } = await chooseProvider(choice);
  for (const { provider: missing, reason } of skipped) {
    warn(`The provider ${missing} cannot be used, the CPU is used instead. ${reason ?? ''}`);
  }
  return { runner: sessionPool(provider), provider };
};

function sessionPool(provider: Provider): SessionPool {
  const kept = pools.get(provider) ?? new SessionPool(threads, provider);
  pools.set(provider, kept);
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

function selfReport(): EngineInfo {
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
