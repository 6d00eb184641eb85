import { parseName } from '../../../src-main/common/api/component-spec.ts';
import { DEFAULT_PATCH_SIZE } from '../../../src-main/common/api/patch-size.ts';
import type {
  AnyMethod,
  MemoryMethod,
  Method,
  MethodOptions,
  ParameterOption,
  SetMethod,
} from '../../../src-main/common/api/schemas.ts';
import { defaultSpec } from './format-method.ts';

/** A method under construction. Fields that its statistic does not have keep their values for the next statistic. */
export interface MethodDraft {
  extractor: string;
  /** Name of a patch statistic or of a comparison with other images. */
  statistic: string;
  /** Specifier of the reference of a patch statistic. */
  reference: string;
  /** Whether the reference comes from normal images. */
  normal: boolean;
  /** Undefined for the usual one of the extractor and statistic. */
  patchSize: Method['patchSize'] | undefined;
  /** Parameters of the statistic that differ from their defaults. */
  parameters: Readonly<Record<string, number>>;
  resize: number | undefined;
}

/** The default method as a draft. */
export function firstDraft({ default: { extractor, statistic, reference } }: MethodOptions): MethodDraft {
  return {
    extractor,
    statistic,
    reference,
    normal: false,
    patchSize: undefined,
    parameters: {},
    resize: undefined,
  };
}

/** The patch size of a draft: the default method chooses it for each image, and others have the paper's. */
export function patchSizeOf(
  { extractor, statistic, patchSize }: MethodDraft,
  options: MethodOptions,
): Method['patchSize'] {
  const usual = options.default;
  const isUsual = extractor === usual.extractor && statistic === usual.statistic;
  return patchSize ?? (isUsual ? usual.patchSize : DEFAULT_PATCH_SIZE);
}

/**
 * Changes part of a draft. A reference that the statistic does not support is replaced by one that it supports, and parameters of
 * another statistic are dropped.
 */
export function changedDraft(
  before: MethodDraft,
  part: Partial<MethodDraft>,
  options: MethodOptions,
): MethodDraft {
  const draft = { ...before, ...part };
  if (part.statistic !== undefined && part.statistic !== before.statistic) draft.parameters = {};
  const statistic = options.statistics.find(({ name }) => name === draft.statistic);
  if (!statistic) return draft;
  const supported = draft.normal ? statistic.normalReferences : statistic.references;
  if (supported.includes(parseName(draft.reference))) return draft;
  const [first = statistic.references[0]] = supported;
  return {
    ...draft,
    reference: defaultSpec(options.references, first),
    normal: supported.length > 0 && draft.normal,
  };
}

/** The parameters of a draft's statistic. */
export function parametersOfDraft(
  { statistic }: MethodDraft,
  options: MethodOptions,
): readonly ParameterOption[] {
  const all = [...options.statistics, ...options.comparisons];
  return all.find(({ name }) => name === statistic)?.parameters ?? [];
}

/** The draft as a method. */
export function definitionOf(draft: MethodDraft, options: MethodOptions): AnyMethod {
  const { extractor, statistic, reference, normal } = draft;
  const patchSize = patchSizeOf(draft, options);
  const resize = draft.resize === undefined ? {} : { resize: draft.resize };
  const parameters = Object.keys(draft.parameters).length > 0 ? { parameters: { ...draft.parameters } } : {};
  const comparison = options.comparisons.find(({ name }) => name === statistic);
  if (!comparison) {
    const source = normal ? { normal: true as const } : {};
    return { extractor, statistic, reference, patchSize, ...parameters, ...resize, ...source };
  }
  if (statistic === 'patchcore') {
    const [{ default: usual }] = comparison.parameters;
    return { extractor, coresetRatio: draft.parameters['coresetRatio'] ?? usual, ...resize };
  }
  if (comparison.otherImages === 'set') {
    return { extractor, set: statistic as SetMethod['set'], ...parameters, ...resize };
  }
  return { extractor, memory: statistic as MemoryMethod['memory'], ...parameters, ...resize };
}
