import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';
import type {
  BitDepthChoice,
  Dataset,
  ImportEvent,
  LayoutChoice,
  Problem,
} from '../../../common/api/datasets.ts';
import { EngineClient } from '../../../engine/client/engine-client.ts';
import { temporaryStore } from '../../../test/store.ts';
import { openDatasets } from '../datasets.ts';
import { maskPicture, picture } from './pictures.ts';

export let engine: EngineClient;
/** The store of the current test, its folder for files, and the datasets of the store. */
export let temporary: ReturnType<typeof temporaryStore>;
export let root: string;
export let datasets: ReturnType<typeof openDatasets>;
export const never = new AbortController().signal;

/** Creates a new store and folder for every test of a file. */
export function setUpImports(): void {
  let home: string;
  beforeAll(async () => {
    // The engine keeps decoded images in the data directory.
    home = await mkdtemp(join(tmpdir(), 'perch-engine-'));
    vi.stubEnv('PERCH_HOME', home);
    engine = new EngineClient();
  });
  afterAll(async () => {
    await engine.close();
    vi.unstubAllEnvs();
    await rm(home, { recursive: true, force: true });
  });
  beforeEach(async () => {
    temporary = temporaryStore();
    root = await mkdtemp(join(tmpdir(), 'perch-Gewebe ö-'));
    workWith(engine);
  });
  afterEach(async () => {
    await temporary.dispose();
    await rm(root, { recursive: true, force: true });
  });
}

/** Replaces the engine that reads the files. */
export function workWith(other: EngineClient): void {
  datasets = openDatasets(temporary.store, other);
}

interface Imported {
  dataset: Dataset;
  problems: Problem[];
}

export async function imported(
  paths: string[] = [root],
  options: {
    layout?: LayoutChoice;
    name?: string;
    bitDepth?: BitDepthChoice;
    signal?: AbortSignal;
    onEvent?: (event: ImportEvent) => void;
  } = {},
): Promise<Imported> {
  const { layout = 'auto', signal = never, onEvent, ...named } = options;
  let outcome: Imported | undefined;
  for await (const event of await datasets.import({ paths, layout, ...named }, signal)) {
    onEvent?.(event);
    if (event.type === 'imported') outcome = event;
  }
  if (!outcome) throw new Error('The import ended without a result.');
  return outcome;
}

/** Verifies the only dataset and returns its problems. */
export async function checked(): Promise<Problem[]> {
  const [{ id }] = temporary.store.datasets.list();
  let problems: Problem[] = [];
  for await (const event of await datasets.verify({ dataset: id }, never)) {
    if (event.type === 'verified') ({ problems } = event);
  }
  return problems;
}

export const imagesOf = ({ id }: Dataset) => temporary.store.images.listByDataset(id);
export const kindsOf = (problems: Problem[]) =>
  problems.map(({ kind, path }) => `${kind} ${basename(path)}`).sort();

export const carpet = {
  'carpet/train/good/000.png': picture(1),
  'carpet/test/good/000.png': picture(2),
  'carpet/test/hole/000.png': picture(3),
  'carpet/test/hole/001.png': picture(4),
  'carpet/ground_truth/hole/000_mask.png': maskPicture(5),
};
