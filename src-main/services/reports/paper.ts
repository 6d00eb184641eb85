import paper from '../../../assets/paper.json' with { type: 'json' };
import type { MetricName, PaperMetrics, PaperSystem } from '../../common/api/evaluation.ts';
import type { Dataset } from '../../common/api/datasets.ts';

/** The metrics of the paper's Tables 3, 4 and 6, in percent (`assets/paper.json`). */
export const paperMetrics: PaperMetrics = paper;

/** Percent by metric, for one system and class. */
export type PaperCell = Partial<Record<MetricName, number>>;

/** The paper's metrics for one of its datasets, under the class names that the dataset has here. */
export interface PaperColumns {
  /** Name of the dataset in the paper. */
  dataset: string;
  /** Those of Table 6, by class. */
  systems: string[];
  /** All systems with a mean. */
  all: string[];
  /** Undefined if the paper has no metrics for that class and system. */
  at(textureClass: string, system: string): PaperCell | undefined;
  /** For the whole dataset. */
  mean(system: string): PaperCell | undefined;
}

/** The paper's name of a dataset, for layouts that identify the dataset. */
const BY_LAYOUT: Partial<Record<Dataset['layout'], string>> = {
  wft: 'WFT',
  'dtd-synthetic': 'DTD-Synthetic',
  aitex: 'Aitex',
};

/**
 * Number of test images in each texture class of MVTec AD. Other datasets have the same layout, and may also
 * have a class "tile".
 */
const MVTEC_TEST_IMAGES: Record<string, number> = {
  carpet: 117,
  grid: 78,
  leather: 124,
  tile: 117,
  wood: 79,
};

/** The systems of the paper's Table 6, by class. */
const SYSTEMS_BY_CLASS = ['Ours', 'Ours + k-NN', 'Ours 320 + k-NN', 'Aota et al.'];

/**
 * The paper's metrics for a dataset; undefined if the paper does not use it. A dataset in the MVTec AD layout
 * is MVTec AD if its classes have the published names and numbers of test images.
 */
export function paperColumns({
  layout,
  classes,
}: Pick<Dataset, 'layout' | 'classes'>): PaperColumns | undefined {
  const name = layout === 'mvtec' && classes.every(isOfMvtec) ? 'MVTec AD' : BY_LAYOUT[layout];
  const metrics = name && paperMetrics[name];
  if (!metrics) return undefined;
  const keys = new Map(Object.keys(metrics).map((key) => [classKey(key), key]));
  if (!classes.some(({ textureClass }) => keys.has(classKey(textureClass)))) return undefined;
  return {
    dataset: name,
    systems: SYSTEMS_BY_CLASS.filter((system) => metrics.mean[system]),
    all: Object.keys(metrics.mean),
    at: (textureClass, system) => metrics[keys.get(classKey(textureClass)) ?? '']?.[system],
    mean: (system) => metrics.mean[system],
  };
}

/** The same metrics by system, for a window. Empty if the paper does not report on the dataset. */
export function paperSystems(dataset: Pick<Dataset, 'layout' | 'classes'>): PaperSystem[] {
  const columns = paperColumns(dataset);
  return (columns?.systems ?? []).map((system) => ({
    system,
    classes: Object.fromEntries(
      dataset.classes.flatMap(({ textureClass }) => {
        const cell = columns?.at(textureClass, system);
        return cell ? [[textureClass, cell]] : [];
      }),
    ),
    mean: columns?.mean(system) ?? {},
  }));
}

function isOfMvtec({ textureClass, images, train }: Dataset['classes'][number]): boolean {
  return MVTEC_TEST_IMAGES[textureClass.toLowerCase()] === images - train;
}

/** Compares classes by number only: AITEX's `t_00` is fabric `00` in file names. */
function classKey(textureClass: string): string {
  return textureClass.toLowerCase().replace(/^(t|fabric|texture)_?(?=\d+$)/, '');
}
