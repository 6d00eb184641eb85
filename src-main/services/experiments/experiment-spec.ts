import type { AnyMethod, Method } from '../../common/api/schemas.ts';
import type { PaperColumns } from '../reports/paper.ts';

/** A number in a cell: percent or seconds per image. */
export type Shown = 'auPro' | 'auroc' | 'f1Max' | 'imageAuroc' | 'seconds';

/** The source of a row or cell: a method, or a system whose maps must be imported under this label. */
export type Source = AnyMethod | { imported: string };

/** A cell of an experiment's table. */
export interface ExperimentCell {
  source: Source;
  shows: readonly Shown[];
  /**
   * The numbers that the paper prints in the cell, in the order of `shows`: null for a dash; absent if the
   * paper has none for this dataset.
   */
  paper?: readonly (number | null)[];
  /** The class; absent for the mean of all classes. */
  textureClass?: string;
}

/** An experiment of the paper: a table whose cells define what to run. */
export interface ExperimentSpec {
  title: string;
  columns: readonly string[];
  rows: readonly { title: string; cells: readonly ExperimentCell[] }[];
  /** The paper's dataset, if it is not this one. */
  paperDataset?: string;
}

/** What a spec may depend on: the dataset that the experiment runs on. */
export interface Subject {
  classes: readonly string[];
  /** The paper's metrics for the dataset, if it has any. */
  paper: PaperColumns | undefined;
}

/** The paper's pretrained backbones, which another extractor may replace. */
const BACKBONES = ['vgg19', 'wide_resnet50'];

/** The spec with another extractor in place of the pretrained backbones. */
export function withExtractor(spec: ExperimentSpec, extractor: string): ExperimentSpec {
  const replaced = (source: Source): Source =>
    'extractor' in source && BACKBONES.includes(source.extractor) ? { ...source, extractor } : source;
  const rows = spec.rows.map((row) => ({
    ...row,
    cells: row.cells.map((cell) => ({ ...cell, source: replaced(cell.source) })),
  }));
  return { ...spec, rows };
}

/** The paper's final method, with single components replaced. */
export function ours(choices: Partial<Method> = {}): Method {
  return { extractor: 'wide_resnet50', statistic: 'fca', reference: 'median', patchSize: 9, ...choices };
}
