import type { AnyMethod, Method } from '../../common/api/schemas.ts';
import type { PaperColumns } from '../reports/paper.ts';

/** A number in a cell: percent or seconds per image. */
export type Shown = 'auPro' | 'auroc' | 'f1Max' | 'imageAuroc' | 'seconds';

/** How a row or cell is made: a method, or a system whose maps have to be imported under this label. */
export type Source = AnyMethod | { imported: string };

/** A cell of an experiment's table. */
export interface ExperimentCell {
  source: Source;
  shows: readonly Shown[];
  /** What the paper prints there, in the order of `shows`: null for its dash; absent if it has none for this dataset. */
  paper?: readonly (number | null)[];
  /** The class it is of; the mean of all where absent. */
  textureClass?: string;
}

/** An experiment of the paper: a table whose cells define what to run. */
export interface ExperimentSpec {
  title: string;
  columns: readonly string[];
  rows: readonly { title: string; cells: readonly ExperimentCell[] }[];
  /** What the paper measured on, where that is not the dataset itself. */
  paperDataset?: string;
}

/** What a spec may depend on: the dataset it is run on. */
export interface Subject {
  classes: readonly string[];
  /** The paper's metrics of the dataset, if it has some. */
  paper: PaperColumns | undefined;
}

/** The pretrained backbones of the paper, in whose place another extractor may stand. */
const BACKBONES = ['vgg19', 'wide_resnet50'];

/** The spec with another extractor in the place of the pretrained backbones. */
export function withExtractor(spec: ExperimentSpec, extractor: string): ExperimentSpec {
  const replaced = (source: Source): Source =>
    'extractor' in source && BACKBONES.includes(source.extractor) ? { ...source, extractor } : source;
  const rows = spec.rows.map((row) => ({
    ...row,
    cells: row.cells.map((cell) => ({ ...cell, source: replaced(cell.source) })),
  }));
  return { ...spec, rows };
}

/** The paper's final method, with other choices in single places. */
export function ours(choices: Partial<Method> = {}): Method {
  return { extractor: 'wide_resnet50', statistic: 'fca', reference: 'median', patchSize: 9, ...choices };
}
