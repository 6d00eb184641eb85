import { createContext } from 'svelte';
import { toErrorReport } from '../../api/failures.ts';
import type { DatasetStore } from '../datasets/dataset-store.svelte.ts';
import type { ImageSelection } from '../images/image-selection.svelte.ts';
import type { MethodStore } from '../methods/method-store.svelte.ts';
import type { Notices } from '../notices.svelte.ts';
import type { SettingsStore } from '../settings/settings-store.svelte.ts';
import type { RunStore } from './run-store.svelte.ts';

/** Number of the open image's neighbors that a queued run processes first: on each side, and in total. */
const NEIGHBORS = 50;
const MAX_PRIORITIZED = 100;

export interface ClassRunDeps {
  datasets: DatasetStore;
  methods: MethodStore;
  notices: Notices;
  runs: RunStore;
  selection: ImageSelection;
  settings: SettingsStore;
}

/** Runs the selected method on the open image's class, starting with that image. */
export class ClassRun {
  /** Whether a run was requested that is not queued yet. */
  starting = $state(false);
  readonly #deps: ClassRunDeps;

  constructor(deps: ClassRunDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    const { datasets, methods, notices, runs, selection, settings } = this.#deps;
    const { selectedId: dataset } = datasets;
    const { selectedId: method } = methods;
    const { image } = selection;
    if (dataset === undefined || method === undefined || !image || this.starting) return;
    this.starting = true;
    try {
      const { provider } = settings.values;
      await runs.start({ dataset, classes: [image.textureClass], methods: [method], provider, first: true });
      await runs.prioritize([image.id]);
    } catch (thrown) {
      // The class is already queued: prioritize the open image and its neighbors.
      if (toErrorReport(thrown).code === 'CONFLICT') {
        const nearest = selection.neighbors(NEIGHBORS).slice(0, MAX_PRIORITIZED);
        return await runs.prioritize(nearest.map(({ id }) => id));
      }
      notices.showError(`${image.textureClass} is not inspected`, toErrorReport(thrown));
    } finally {
      this.starting = false;
    }
  }
}

export const [getClassRun, setClassRun] = createContext<ClassRun>();
