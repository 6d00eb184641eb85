import { readFile } from 'node:fs/promises';
import { EngineClient, type RequestOptions } from '../../../engine/client/engine-client.ts';
import type { EngineRequests, RequestKind } from '../../../engine/protocol/messages.ts';
import { sha256Of } from '../../../files/sha256.ts';

/** Side of the maps in positions. */
const SIDE = 64;

/** Answers at once with a map of its own for each image of 24 x 24 pixels. */
export class InstantEngine extends EngineClient {
  override async request<Kind extends RequestKind>(
    _kind: Kind,
    request: EngineRequests[Kind]['request'],
    _options?: RequestOptions,
  ): Promise<EngineRequests[Kind]['response']> {
    const { path } = request as { path: string };
    await readFile(path);
    const values = Float32Array.from({ length: SIDE * SIDE }, Math.random);
    const placed = {
      map: { values, width: SIDE, height: SIDE },
      width: 24,
      height: 24,
      extentWidth: 24,
      extentHeight: 24,
    };
    const response = {
      placed,
      notes: [],
      seconds: {},
      provider: 'cpu',
      modelSha256: null,
      imageSha256: await sha256Of(path),
    };
    return response as unknown as EngineRequests[Kind]['response'];
  }
}
