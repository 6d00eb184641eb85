import type { Dataset, DatasetImage } from '../../../src-main/common/api/datasets.ts';
import type { Result, RunEvent } from '../../../src-main/common/api/runs.ts';
import type { Client } from '../../api/connection.svelte.ts';

/** The data of a fake host. */
export interface FakeData {
  datasets?: Dataset[];
  /** By dataset. */
  images?: Record<number, DatasetImage[]>;
  results?: Result[];
  events?: RunEvent[];
}

/** A fake host's client, which answers from its data and sends each event once. */
export function fakeClient({ datasets = [], images = {}, results = [], events = [] }: FakeData): Client {
  const client = {
    datasets: {
      list: async () => ({ datasets }),
      images: async ({ dataset }: { dataset: number }) => ({ images: images[dataset] ?? [] }),
      watch: async () => once([{ version: 1, others: 1 }]),
    },
    runs: {
      watch: async () => once(events),
      results: async ({ method }: { method: number }) => ({
        results: results.filter((result) => result.method === method),
      }),
    },
  };
  return client as unknown as Client;
}

async function* once<Event>(events: readonly Event[]) {
  yield* events;
}

/** A dataset with defaults for the other properties. */
export function aDataset(part: Partial<Dataset> & { id: number }): Dataset {
  const counts = { images: 0, train: 0, unmasked: 0, masked: 0, normal: 0, unknown: 0 };
  return {
    name: `dataset ${part.id}`,
    layout: 'mvtec',
    root: `/datasets/${part.id}`,
    ignoreBorder: 0,
    createdAt: '2026-01-01T00:00:00.000Z',
    classes: [
      { textureClass: 'linen', ...counts },
      { textureClass: 'felt', ...counts },
    ],
    ...part,
  };
}
