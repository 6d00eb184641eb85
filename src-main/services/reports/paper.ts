import paper from '../../../assets/paper.json' with { type: 'json' };
import type { MetricName, PaperMetrics, PaperSystem } from '../../common/api/evaluation.ts';
import type { Dataset } from '../../common/api/datasets.ts';

/** What the paper reports in its Tables 3, 4 and 6, in percent (`assets/paper.json`). */
export const paperMetrics: PaperMetrics = paper;

/** Percent by metric, of one system over one class. */
export type PaperCell = Partial<Record<MetricName, number>>;

/** The paper's metrics of one of its datasets, by the names that the classes have here. */
export interface PaperColumns {
  /** Name of the dataset in the paper. */
  dataset: string;
  systems: string[];
  /** Undefined if the paper has no metrics of that class by that system. */
  at(textureClass: string, system: string): PaperCell | undefined;
  /** Over the whole dataset. */
  mean(system: string): PaperCell | undefined;
}

/** The paper's name of a dataset, for layouts that identify the dataset. */
const BY_LAYOUT: Partial<Record<Dataset['layout'], string>> = {
  wft: 'WFT',
  'dtd-synthetic': 'DTD-Synthetic',
  aitex: 'Aitex',
};

/** Test images of the texture classes of MVTec AD: others lie in the same layout, and call a class "tile" as well. */
const MVTEC_TEST_IMAGES: Record<string, number> = {
  carpet: 117,
  grid: 78,
  leather: 124,
  tile: 117,
  wood: 79,
};

/** The systems of the paper's Table 6, class by class. */
const SYSTEMS_BY_CLASS = ['Ours', 'Ours + k-NN', 'Ours 320 + k-NN', 'Aota et al.'];

/**
 * The metrics that the paper reports on a dataset; undefined if the paper does not use it. A dataset of the
 * MVTec AD layout is MVTec AD where its classes have the names and the numbers of test images of the published ones.
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
    at: (textureClass, system) => metrics[keys.get(classKey(textureClass)) ?? '']?.[system],
    mean: (system) => metrics.mean[system],
  };
}

/** The same for a window: system by system. Empty if the paper does not report on the dataset. */
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

/** Compares classes by number only: AITEX's `t_00` is the fabric `00` of its file names. */
function classKey(textureClass: string): string {
  return textureClass.toLowerCase().replace(/^(t|fabric|texture)_?(?=\d+$)/, '');
}
