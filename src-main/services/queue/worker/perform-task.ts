import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PerchError, reportOf } from '../../../common/api/errors.ts';
import type { EngineClient } from '../../../engine/client/engine-client.ts';
import type { NormalImage } from '../../../engine/protocol/messages.ts';
import { pagePath } from '../../../files/paged-path.ts';
import { sha256Of } from '../../../files/sha256.ts';
import { encodeAnswer } from '../answer-bytes.ts';
import type { RequiredModel } from '../requirement.ts';
import type { Task, TaskImage } from '../task.ts';
import type { Capability } from './capability.ts';
import type { ContentCache } from './content-cache.ts';
import { type HostClient, statusOf } from './host-client.ts';
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

/** How long a result is kept for a host that does not answer, and the pause between attempts. */
const SEND_MS = 120_000;
const RETRY_MS = 500;

export interface TaskContext {
  engine: EngineClient;
  cache: ContentCache;
  hosts: Hosts;
  capability: Capability;
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
  const client = await context.hosts.client(task.host);
  if (!client) return 'unwanted';
  if (isRepeated && (await ask(client, `/tasks/${id}`)) === 410) return 'unwanted';
  let bytes: Uint8Array;
  try {
    bytes = await inspect(task, model, client, context, signal);
  } catch (thrown) {
    if (thrown instanceof UnwantedError) return 'unwanted';
    const error = reportOf(thrown);
    if (OWN_ERRORS.has(error.code)) throw thrown;
    bytes = encodeAnswer({ kind: 'error', worker: context.name, error });
  }
  return send(`/results/${id}`, bytes, task.host, context, signal);
}

/** The host no longer offers a file that the task names, so the task is not current. */
class UnwantedError extends Error {}

async function inspect(
  task: Task,
  model: RequiredModel | null,
  client: HostClient,
  { engine, cache, capability, name, shared }: TaskContext,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const used: string[] = [];
  const content = async (sha256: string, bytes: number): Promise<string> => {
    const path = await cache.use(sha256, bytes, async () => {
      const response = await reach(() => client.request('GET', `/blobs/${sha256}`, { signal }));
      if (response.statusCode === 200) return response;
      throw statusOf(response) === 404 ? new UnwantedError() : refused(response.statusCode);
    });
    used.push(sha256);
    return path;
  };
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
    if (model) await capability.addModel(model, await content(model.sha256, model.bytes));
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
    const { chosen, imageScore, seconds, imageSha256, modelSha256 } = answer;
    return encodeAnswer(
      {
        kind: 'map',
        worker: name,
        device,
        versions,
        ...{ width, height, extentWidth, extentHeight, seconds, imageSha256, modelSha256 },
        provider: answer.provider,
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

/** Sends a result until its host has stored it, also if the host is restarted meanwhile. */
async function send(
  path: string,
  body: Uint8Array,
  host: string,
  { hosts }: TaskContext,
  signal: AbortSignal,
): Promise<TaskEnd> {
  const until = performance.now() + SEND_MS;
  for (;;) {
    try {
      const client = await hosts.client(host);
      if (!client) return 'unwanted';
      const status = await ask(client, path, body);
      if (status === 204) return 'sent';
      if (status === 410) return 'unwanted';
      if (status !== 503) throw new PerchError('INTERNAL', `The host refused a result (HTTP ${status}).`);
    } catch (thrown) {
      if (!(thrown instanceof PerchError) || thrown.code !== 'QUEUE_UNUSABLE') throw thrown;
      if (performance.now() > until) throw thrown;
      hosts.forget(host);
    }
    await pause(RETRY_MS, undefined, { signal });
  }
}

async function ask(client: HostClient, path: string, body?: Uint8Array): Promise<number> {
  return statusOf(await reach(() => client.request(body ? 'PUT' : 'GET', path, body ? { body } : {})));
}

async function reach<Value>(request: () => Promise<Value>): Promise<Value> {
  try {
    return await request();
  } catch (cause) {
    throw new PerchError('QUEUE_UNUSABLE', `The host of the run cannot be reached: ${String(cause)}`, cause);
  }
}

function refused(status: number | undefined): PerchError {
  return new PerchError('QUEUE_UNUSABLE', `The host of the run refused a file (HTTP ${status}).`);
}
