/**
 * The engine: a child process of plain Node that does the heavy work. A crash or an out-of-memory condition in native code then fails
 * one request instead of the application. The engine exits with its host.
 *
 * What runs where: `client/` runs in the host, `protocol/` in both processes, everything else here. Exceptions are `perch metrics`
 * and `perch bench`, which call `evaluation/`, `masks/` and `readers/` in their own process.
 */
import net from 'node:net';
import os from 'node:os';
import * as ort from 'onnxruntime-node';
import sharp from 'sharp';
import { PerchError, reportOf } from '../common/api/errors.ts';
import { codePaths } from '../methods/backend/default-backend.ts';
import { version } from '../platform/version.ts';
import { nativeWarning } from '../methods/backend/native-backend.ts';
import type { Isa } from '../methods/types.ts';
import { encodeValues } from './readers/decode-image.ts';
import { previewImage } from './pyramids/preview-image.ts';
import { provider as providerSchema, type Provider } from '../common/api/schemas.ts';
import { evaluateClass } from './evaluation/evaluate-class.ts';
import { measureBitDepths } from './readers/measure-bit-depths.ts';
import { renderCrops } from './rendering/render-crops.ts';
import { renderReportImages } from './rendering/render-report-images.ts';
import { SessionPool } from './inference/onnx-sessions.ts';
import { FeatureCache } from './inspection/feature-cache.ts';
import { ImageCache } from './inspection/image-cache.ts';
import { ProviderSelector } from './inference/providers.ts';
import { StatisticDevices } from './inference/statistic-devices.ts';
import { extract, inspect, score } from './inspection/inspect.ts';
import { scoreSet } from './inspection/score-set.ts';
import { inspectSet } from './inspection/inspect-set.ts';
import { normalizeMask } from './masks/normalize-mask.ts';
import { composeMask, findMaskRegions } from './masks/compose-mask.ts';
import { measureRegions } from './regions/measure-regions.ts';
import { watchMemory } from './runtime/memory-watch.ts';
import { renderInspection } from './rendering/render-inspection.ts';
import { probeModel } from './models/probe-model.ts';
import type { EngineInfo, EngineRequests, FromEngine, RequestKind, ToEngine } from './protocol/messages.ts';
import { mergedNeighbors, readPreciseMap } from './readers/read-map.ts';
import { ingestImage } from './ingest/ingest-image.ts';
import { makeMapLevels } from './pyramids/map-levels.ts';
import { orientedResolution } from './readers/orientation.ts';
import { openStream } from './readers/pixel-files/open-stream.ts';
import { pixelStorage } from './readers/pixel-files/pixel-storage.ts';
import { readMapTile, readTile } from './pyramids/read-tile.ts';
import { proposeRegions } from './proposals/propose-regions.ts';
import { scoreHistogram } from './evaluation/score-histogram.ts';
import { resampleClass } from './evaluation/resample-class.ts';
import { scoreImages } from './evaluation/score-images.ts';
import type { HandlerContext } from './runtime/handler-context.ts';
import { logRequest } from './runtime/request-log.ts';
import { TimedRunner } from './inference/timed-runner.ts';
import { Mutex } from './runtime/mutex.ts';
import { receiveMessages, sendMessage } from './protocol/ipc-codec.ts';

type Handlers = {
  [Kind in RequestKind]: (
    request: EngineRequests[Kind]['request'],
    context: HandlerContext,
  ) => Promise<EngineRequests[Kind]['response']>;
};

const handlers: Handlers = {
  inspect,
  inspectSet,
  extract,
  score,
  scoreSet,
  preview: async ({ path, side, ...options }) => ({ png: await previewImage(path, side, options) }),
  readValues: async ({ path, ...options }) => ({ npy: await encodeValues(path, options) }),
  measureBitDepths,
  readMap: async ({ path }) => {
    const map = await readPreciseMap(path);
    return { map: { ...map, values: Float32Array.from(map.values) }, merged: mergedNeighbors(map) };
  },
  ingestImage,
  readTile,
  readMapTile,
  readResolution: async ({ path }) => {
    const { resolution, orientation } = await openStream(path);
    return resolution ? { pixel: orientedResolution(resolution, orientation) } : {};
  },
  makeMapLevels: async ({ path }, context) => {
    await makeMapLevels(path, { ...pixelStorage(), signal: context.signal });
    return {};
  },
  proposeRegions,
  normalizeMask,
  composeMask,
  findMaskRegions,
  renderInspection,
  measureRegions,
  renderReportImages,
  renderCrops,
  evaluateClass,
  scoreHistogram,
  resampleClass,
  peakMemory: async () => ({ bytes: process.resourceUsage().maxRSS * 1024 }),
  scoreImages,
  // Loaded on demand: only the process that reads a single model file needs these modules.
  readModel: async (...args) => (await import('./models/read-model.ts')).readModel(...args),
  probeModel: (request) => probeModel(request, sessionPool('cpu')),
  findTokens: async (request) =>
    (await import('./models/find-tokens.ts')).findTokens(request, sessionPool('cpu')),
  probeNetwork: async (request) =>
    (await import('./models/probe-network.ts')).probeNetwork(request, sessionPool('cpu')),
  probeProviders: async () => ({
    providers: await Promise.all(providerSchema.options.map((provider) => providers.probe(provider))),
    statistic: await statisticDevices.probe(),
  }),
  statisticDevice: async ({ provider }, { statisticDeviceFor }) => {
    using device = await statisticDeviceFor(provider);
    return { name: device.name };
  },
};

const ISA_NAMES: Record<Isa, string> = {
  avx512: 'AVX-512',
  avx2: 'AVX2',
  neon: 'NEON',
  portable: 'portable',
  wasm: 'WebAssembly',
};
/** The pipe to the host, file descriptor 3. It closes when the host exits. */
const pipe = new net.Socket({ fd: 3, readable: true, writable: true });
const option = (name: string) =>
  process.argv
    .slice(2)
    .find((argument) => argument.startsWith(`--${name}=`))
    ?.split('=')[1];
const threads = Number(option('threads') ?? os.availableParallelism());
const providers = new ProviderSelector();
const pools = new Map<Provider, SessionPool>();
/** Shared by all requests. */
const shared = { imageCache: new ImageCache(), featureCache: new FeatureCache(), computeMutex: new Mutex() };
const running = new Map<number, AbortController>();

const memoryLimit = option('memory-limit');
if (memoryLimit !== undefined) watchMemory(Number(memoryLimit));
sharp.cache(false);
pipe.on('error', () => process.exit());
pipe.on('close', () => process.exit());
// A terminal sends Ctrl-C to the whole process group. The host decides when the engine exits.
process.on('SIGINT', () => {});
receiveMessages(pipe, (received) => {
  const message = received as ToEngine;
  if (message.type === 'cancel') {
    running.get(message.id)?.abort(new PerchError('CANCELED', 'Canceled.'));
  } else {
    void handle(message.id, message.kind, message.request);
  }
});
const info = engineInfo();
const statisticDevices = new StatisticDevices(info.device, warn);
send({ type: 'ready', info });

async function handle<Kind extends RequestKind>(
  id: number,
  kind: Kind,
  request: EngineRequests[Kind]['request'],
): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  const log = logRequest(id, kind, request);
  try {
    const context: HandlerContext = {
      ...shared,
      runnerFor: async (choice) => {
        const { runner, provider } = await chooseRunner(choice);
        const announce = (file: string, timeoutSeconds: number | null) =>
          send({ type: 'model-run', id, file, timeoutSeconds });
        return { runner: new TimedRunner(runner, announce), provider };
      },
      statisticDeviceFor: (choice) => statisticDevices.select(choice),
      threads,
      signal: controller.signal,
      report: (progress) => send({ type: 'progress', id, progress }),
      sendPart: (part) => send({ type: 'part', id, part }),
    };
    send({ type: 'response', id, response: await handlers[kind](request, context) });
    log.end('done');
  } catch (thrown) {
    send({ type: 'failure', id, error: reportOf(thrown) });
    log.end(thrown);
  } finally {
    running.delete(id);
  }
}

const chooseRunner: HandlerContext['runnerFor'] = async (choice) => {
  const { provider, skipped } = await providers.select(choice);
  for (const { provider: unusable, reason } of skipped) {
    warn(`The provider ${unusable} cannot be used. The CPU is used instead. ${reason ?? ''}`);
  }
  return { runner: sessionPool(provider), provider };
};

function sessionPool(provider: Provider): SessionPool {
  const pool = pools.get(provider) ?? new SessionPool(threads, provider);
  pools.set(provider, pool);
  return pool;
}

/** Adds a permanent problem to the engine's info. */
function warn(warning: string): void {
  if (info.warnings.includes(warning)) return;
  info.warnings.push(warning);
  send({ type: 'ready', info });
}

function send(message: FromEngine): void {
  sendMessage(pipe, message);
}

function engineInfo(): EngineInfo {
  const versions = {
    perch: version,
    node: process.versions.node,
    'onnx runtime': ort.env.versions.node ?? '',
    sharp: sharp.versions.sharp ?? '',
    libvips: sharp.versions.vips,
  };
  const warning = nativeWarning();
  const threadCount = `${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  return {
    device: `CPU, ${ISA_NAMES[codePaths[0]]}, ${threadCount}`,
    isas: codePaths,
    versions,
    warnings: warning === undefined ? [] : [warning],
  };
}
