import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PerchError, reportOf } from '../../../common/api/errors.ts';
import type { EngineClient } from '../../../engine/client/engine-client.ts';
import type { NormalImage } from '../../../engine/protocol/data-types.ts';
import { pagePath } from '../../../files/paged-path.ts';
import { sha256Of } from '../../../files/sha256.ts';
import { encodeAnswer } from '../answer-bytes.ts';
import { answerKeyOf } from '../answer-key.ts';
import { HostFault, modelChanged } from '../host-fault.ts';
import type { RequiredModel } from '../requirement.ts';
import type { Task, TaskImage } from '../task.ts';
import type { Answers } from './answers.ts';
import type { ContentCache } from './content-cache.ts';
import type { FetchedModels } from './fetched-models.ts';
import { statusOf } from './host-client.ts';
import type { Hosts } from './hosts.ts';

/** Errors of this machine, not of the task: another worker may succeed. */
const OWN_ERRORS: ReadonlySet<string> = new Set([
  'OUT_OF_MEMORY',
  'DISK_FULL',
  'NOT_WRITABLE',
  'MODEL_MISSING',
  'MODEL_UNUSABLE',
  'UNKNOWN_NAME',
  'QUEUE_UNUSABLE',
  'CANCELED',
]);

/** Pause between attempts to reach a host. */
const RETRY_MS = 500;

/** How long an announced host may not answer before its task goes back to the queue: longer than the row of a dead host lasts. */
const UNREACHABLE_MS = 45_000;

export interface TaskContext {
  engine: EngineClient;
  cache: ContentCache;
  hosts: Hosts;
  models: FetchedModels;
  answers: Answers;
  /** Name of this machine in results. */
  name: string;
  /** A folder with the images of datasets, which makes transfers unnecessary; undefined for none. */
  shared: string | undefined;
}

/** What became of a task: its result or failure was sent, or its host no longer wants it. */
export type TaskEnd = 'sent' | 'unwanted';

/**
 * Does a task: gets its inputs, inspects, and sends the result to its host.
 *
 * @param isRepeated whether it was delivered before, so that it may be done already
 * @throws PerchError if this machine cannot do it or its host cannot be reached; the task then goes back to the queue
 */
export async function performTask(
  { id, task, model }: { id: string; task: Task; model: RequiredModel | null },
  context: TaskContext,
  { isRepeated, signal }: { isRepeated: boolean; signal: AbortSignal },
): Promise<TaskEnd> {
  const host: Reach = (method, path, body) => reach(context.hosts, task.host, { method, path, body, signal });
  const { answers } = context;
  const key = answerKeyOf(task, model);
  let bytes: Uint8Array;
  try {
    if (!(await context.hosts.client(task.host))) return 'unwanted';
    if (isRepeated && statusOf(await host('GET', `/tasks/${id}`)) === 410) return 'unwanted';
    bytes = await answers.get(key, () => inspect(task, model, host, context, signal));
  } catch (thrown) {
    if (thrown instanceof UnwantedError) return 'unwanted';
    const error = reportOf(thrown);
    if (OWN_ERRORS.has(error.code) && !(thrown instanceof HostFault)) throw thrown;
    bytes = encodeAnswer({ kind: 'error', worker: context.name, error });
  }
  try {
    const end = await send(`/results/${id}`, bytes, host, signal);
    answers.end(key);
    return end;
  } catch (thrown) {
    answers.keep(key, bytes);
    if (thrown instanceof UnwantedError) return 'unwanted';
    throw thrown;
  }
}

/** A request to the host of the task. @throws UnwantedError if the host ended */
type Reach = (method: 'GET' | 'PUT', path: string, body?: Uint8Array) => Promise<IncomingMessage>;

/** The task's host ended, or no longer offers a file that the task names, so the task is not current. */
class UnwantedError extends Error {}

async function inspect(
  task: Task,
  model: RequiredModel | null,
  host: Reach,
  { engine, cache, models, name, shared }: TaskContext,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const used: string[] = [];
  const content = async (sha256: string, bytes: number): Promise<string> => {
    const path = await cache.use(sha256, bytes, async () => {
      const response = await host('GET', `/blobs/${sha256}`);
      if (response.statusCode === 200) return response;
      throw statusOf(response) === 404 ? new UnwantedError() : refused(response.statusCode);
    });
    used.push(sha256);
    return path;
  };
  const graphOf = ({ name, sha256, bytes }: RequiredModel) =>
    content(sha256, bytes).catch((cause: unknown) => {
      if (reportOf(cause).code !== 'IMAGE_CHANGED') throw cause;
      throw modelChanged(name, cause);
    });
  const sourceOf = async (image: TaskImage): Promise<NormalImage> => {
    const path = (await sharedPath(image, shared)) ?? (await content(image.sha256, image.bytes));
    const { sha256, page, crop, bitDepth } = image;
    return {
      path: page === undefined ? path : pagePath(path, page),
      sha256,
      ...(crop && { crop }),
      ...(bitDepth !== undefined && { bitDepth }),
    };
  };
  try {
    if (model) await models.add(model, await graphOf(model));
    const source = await sourceOf(task.image);
    const normal = task.normal && (await Promise.all(task.normal.map(sourceOf)));
    const { method, region, maxPixels, provider } = task;
    const { placed, ...answer } = await engine.request(
      'inspect',
      { ...source, method, ...(normal && { normal }), region, maxPixels, provider },
      { signal },
    );
    const { device = '', versions = {} } = engine.info ?? {};
    const { map, width, height, extentWidth, extentHeight } = placed;
    const { chosen, imageScore, seconds, statisticDevice, imageSha256, modelSha256 } = answer;
    return encodeAnswer(
      {
        kind: 'map',
        worker: name,
        device,
        versions,
        width,
        height,
        extentWidth,
        extentHeight,
        seconds,
        imageSha256,
        modelSha256,
        provider: answer.provider,
        ...(statisticDevice !== undefined && { statisticDevice }),
        ...(chosen && { chosen }),
        ...(imageScore !== undefined && { imageScore }),
      },
      map,
    );
  } finally {
    for (const sha256 of used) cache.release(sha256);
  }
}

/** The image in the shared folder, if it is there and unchanged. */
async function sharedPath(
  { name, sha256 }: TaskImage,
  shared: string | undefined,
): Promise<string | undefined> {
  if (shared === undefined || name.split('/').includes('..')) return undefined;
  const path = join(shared, name);
  return (await sha256Of(path).catch(() => '')) === sha256 ? path : undefined;
}

/** Sends a result until its host has stored it. @throws UnwantedError if the host ended; PerchError if it cannot be reached */
async function send(path: string, body: Uint8Array, host: Reach, signal: AbortSignal): Promise<TaskEnd> {
  for (;;) {
    const status = statusOf(await host('PUT', path, body));
    if (status === 204) return 'sent';
    if (status === 410) return 'unwanted';
    if (status !== 503) throw new PerchError('INTERNAL', `The host refused a result (HTTP ${status}).`);
    await pause(RETRY_MS, undefined, { signal });
  }
}

/**
 * Sends a request to a host, again and again for a while if it is announced but does not answer.
 *
 * @throws UnwantedError if it ended; PerchError `QUEUE_UNUSABLE` if it cannot be reached
 */
async function reach(
  hosts: Hosts,
  id: string,
  {
    method,
    path,
    body,
    signal,
  }: { method: 'GET' | 'PUT'; path: string; body: Uint8Array | undefined; signal: AbortSignal },
): Promise<IncomingMessage> {
  const since = performance.now();
  for (;;) {
    const client = await hosts.client(id);
    if (!client) throw new UnwantedError();
    try {
      return await client.request(method, path, { ...(body && { body }), signal });
    } catch (cause) {
      signal.throwIfAborted();
      if (performance.now() - since > UNREACHABLE_MS) throw client.unreachable(cause);
      hosts.forget(id);
    }
    await pause(RETRY_MS, undefined, { signal });
  }
}

function refused(status: number | undefined): PerchError {
  return new PerchError('QUEUE_UNUSABLE', `The host of the run refused a file (HTTP ${status}).`);
}
