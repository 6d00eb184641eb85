import { PerchError } from '../../common/api/errors.ts';
import type { ImportEvent } from '../../common/api/datasets.ts';
import type { Method } from '../../common/api/schemas.ts';
import type { Services } from '../../services/types.ts';

/** A valid method. */
export const someMethod: Method = { extractor: 'dct', statistic: 'fca', reference: 'self', patchSize: 9 };

/** In-memory services for the specs of the hosts, with an image 7 and a blob, and a record of the calls. */
export function fakeServices() {
  const seen = {
    opened: [] as string[][],
    received: new Map<string, number>(),
    /** Imports in progress. */
    running: 0,
    /** Imports that ended because their signal aborted. */
    canceled: 0,
    watching: 0,
  };
  const services: Services = {
    imageAssets: {
      content(image) {
        if (image !== 7) throw new PerchError('NOT_FOUND', 'The image does not exist.');
        return 'f'.repeat(64);
      },
      png: async (image, side) => new Uint8Array([image, side ?? 0]),
      values: async (image) => new Uint8Array([image, 16]),
      tile: async (image, { level, x, y }) => new Uint8Array([image, level, x, y]),
      tileValues: async (image, { x, y }) => new Uint8Array([image, 16, x, y]),
      mapTile: async (_, { level, x, y }) => new Uint8Array([level, x, y]),
      async blob(sha256) {
        if (sha256 !== 'a'.repeat(64)) throw new PerchError('NOT_FOUND', 'There is no such blob.');
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
    changes: absent('changes'),
    methods: Object.assign(absent<Omit<Services['methods'], 'options'>>('methods'), {
      options: () => ({
        extractors: [],
        statistics: [],
        references: [],
        comparisons: [],
        default: someMethod,
      }),
    }),
    datasets: Object.assign(absent<Services['datasets']>('datasets'), {
      list: () => ({ datasets: [] }),
      async preview({ paths }: { paths: string[] }) {
        seen.opened.push(paths);
        return {
          name: 'wood',
          layout: 'folder' as const,
          root: paths[0],
          classes: [],
          problems: [],
          roles: [],
          skipped: [],
        };
      },
      import: ({ paths }: { paths: string[] }, signal: AbortSignal) => importing(paths, signal),
      remove() {
        throw new Error('secret internals');
      },
    }),
    runs: Object.assign(absent<Omit<Services['runs'], 'claimOrphans'>>('runs'), { claimOrphans() {} }),
    evaluation: absent('evaluation'),
    sessions: absent('sessions'),
    recipes: absent('recipes'),
    regions: absent('regions'),
    rolls: Object.assign(absent<Services['rolls']>('rolls'), {
      certificate: ({ format }: { format: string }) => ({
        name: 'a.html',
        mediaType: 'text/html',
        content: format,
      }),
    }),
    scales: absent('scales'),
    stations: Object.assign(absent<Omit<Services['stations'], 'claimOrphans'>>('stations'), {
      claimOrphans() {},
    }),
    annotation: absent('annotation'),
    settings: absent('settings'),
    models: absent('models'),
    outputs: Object.assign(absent<Omit<Services['outputs'], 'deliver'>>('outputs'), { deliver() {} }),
    audit: absent('audit'),
    storage: Object.assign(absent<Services['storage']>('storage'), { identity: () => ({ id: 'own' }) }),
    close: async () => {},
  };

  /** Reports progress once, then works until aborted; "broken" and "bug" fail immediately. */
  async function* importing(paths: string[], signal: AbortSignal): AsyncGenerator<ImportEvent, void, void> {
    if (paths[0] === 'broken') throw new PerchError('MODEL_UNUSABLE', 'The model is damaged.');
    if (paths[0] === 'bug') throw new Error('secret internals');
    seen.running++;
    try {
      yield { type: 'progress', done: 0, total: 1 };
      await aborted(signal);
      seen.canceled++;
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

/** A service whose methods throw. */
function absent<Service extends object>(name: string): Service {
  return new Proxy({} as Service, {
    get: (target, method) =>
      Reflect.get(target, method) ??
      (() => {
        throw new PerchError('INTERNAL', `${name}.${String(method)} is not available.`);
      }),
  });
}
