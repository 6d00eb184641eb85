import { PerchError } from '../api/errors.ts';
import type { InspectionEvent, Method } from '../api/schemas.ts';
import type { Services } from '../services/services.ts';
import { unbuilt } from '../services/unbuilt.ts';

/** A method that the contract accepts. */
export const someMethod: Method = { extractor: 'dct', statistic: 'fca', reference: 'self', patch: 9 };

/** Services in memory for the specs of the hosts: one image "one", one map "map-1", and what happened to them. */
export function fakeServices() {
  const seen = {
    opened: [] as string[][],
    received: new Map<string, number>(),
    /** Inspections that are running now. */
    running: 0,
    /** Inspections that ended because their signal was aborted. */
    cancelled: 0,
    watching: 0,
  };
  const services: Services = {
    library: {
      async open(paths) {
        seen.opened.push(paths);
        const image = { id: 'one', name: 'one.png', textureClass: 'wood', path: paths[0] };
        return { images: [image], skipped: [] };
      },
      list: () => [],
      close() {
        throw new Error('secret internals');
      },
      pathOf: (id) => `/images/${id}`,
    },
    inspections: {
      start: (images, _method, signal) => inspect(images, signal),
      map(name) {
        if (name !== 'map-1') throw new PerchError('NOT_FOUND', 'This map is not kept any more.');
        return new Uint8Array([0x93, 0x4e]);
      },
    },
    previews: {
      async png(id, side) {
        if (id !== 'one') throw new PerchError('NOT_FOUND', 'This image is not open any more.');
        return new Uint8Array([0x89, side ?? 0]);
      },
    },
    pictures: {
      content(image) {
        if (image !== 7) throw new PerchError('NOT_FOUND', 'This image is not in the store any more.');
        return { file: 'f'.repeat(64), thumbnail: 'a'.repeat(64) };
      },
      png: async (image, side) => new Uint8Array([image, side ?? 0]),
      async blob(sha256) {
        if (sha256 !== 'a'.repeat(64)) throw new PerchError('NOT_FOUND', 'Nothing is kept under this name.');
        return new Uint8Array([1, 2, 3]);
      },
    },
    uploads: {
      async receive(drop, path, bytes) {
        let size = 0;
        try {
          for await (const chunk of bytes) size += chunk.length;
        } catch (cause) {
          throw new PerchError('NOT_WRITABLE', 'The bytes ended early.', cause);
        }
        seen.received.set(path.join('/'), size);
        return `/dropped/${drop}`;
      },
    },
    engine: { watch },
    methods: Object.assign(unbuilt<Omit<Services['methods'], 'choices'>>('methods'), {
      choices: () => ({ extractors: [], statistics: [], references: [], standard: someMethod }),
    }),
    datasets: unbuilt('datasets'),
    runs: Object.assign(unbuilt<Omit<Services['runs'], 'adopt'>>('runs'), { adopt() {} }),
    evaluation: unbuilt('evaluation'),
    sessions: unbuilt('sessions'),
    annotation: unbuilt('annotation'),
    settings: unbuilt('settings'),
    models: unbuilt('models'),
    storage: unbuilt('storage'),
    close: async () => {},
  };

  /** Says once that it decodes, then works until aborted; "broken" and "defect" fail at once. */
  async function* inspect(images: string[], signal: AbortSignal): AsyncGenerator<InspectionEvent> {
    if (images[0] === 'broken')
      throw new PerchError('MODEL_UNUSABLE', 'The model is damaged: fetch it again.');
    if (images[0] === 'defect') throw new Error('secret internals');
    seen.running++;
    try {
      yield { type: 'stage', image: images[0], stage: 'decode', fraction: 0 };
      await aborted(signal);
      seen.cancelled++;
      throw signal.reason;
    } finally {
      seen.running--;
    }
  }

  async function* watch(signal: AbortSignal) {
    seen.watching++;
    try {
      yield { engine: 'ready' as const, device: 'CPU', warnings: [] };
      await aborted(signal);
    } finally {
      seen.watching--;
    }
  }

  return { services, seen };
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
