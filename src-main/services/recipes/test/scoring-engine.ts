import { vi } from 'vitest';
import type { EngineClient, RequestOptions } from '../../../engine/client/engine-client.ts';
import { scoreImages } from '../../../engine/evaluation/score-images.ts';
import type { EngineRequests } from '../../../engine/protocol/messages.ts';
import { handlerContext } from '../../../engine/runtime/test/context.ts';

/** An in-process engine that only scores maps. `request` counts its requests. */
export function scoringEngine() {
  const request = vi.fn(
    (kind: string, maps: EngineRequests['scoreImages']['request'], { signal }: RequestOptions) => {
      if (kind !== 'scoreImages') throw new Error(`This test makes no request of the kind ${kind}.`);
      return scoreImages(maps, handlerContext(signal ? { signal } : {}));
    },
  );
  return { engine: { request } as unknown as EngineClient, request };
}
