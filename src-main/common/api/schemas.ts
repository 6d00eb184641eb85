import { z } from 'zod';
import type { ParameterDef } from './component-spec.ts';
import { errorHint } from './error-hints.ts';
import { errorCodes } from './errors.ts';

/** An error as text for the user. */
export const errorReport = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  hint: errorHint.optional(),
});

/** One component of each of the paper's three families (eq. 1), with parameters. */
export const method = z.object({
  /** Name, with an optional seed: `random:7`. */
  extractor: z.string(),
  statistic: z.string(),
  /** Name, with optional numbers: `knn:5`, `random:10:7`. */
  reference: z.string(),
  /**
   * Patch size T in feature positions: odd, 3 to 31. `auto` chooses it and FCA's smoothing for each image by
   * its size.
   */
  patchSize: z.union([
    z.literal('auto'),
    z
      .int()
      .min(3)
      .max(31)
      .refine((side) => side % 2 === 1, 'The patch size must be odd.'),
  ]),
  /** The statistic's parameters by name; missing ones have their defaults. */
  parameters: z.record(z.string(), z.number()).optional(),
  /**
   * Side in pixels to which images are resized (square, bilinear) before extraction; absent to keep the
   * original size.
   */
  resize: z.int().min(16).max(8192).optional(),
  /** Takes the reference from normal images instead of the image itself (docs/method.md, section 6). */
  normal: z.literal(true).optional(),
});
export type Method = z.infer<typeof method>;

/** A baseline from the paper that computes an anomaly map from the whole image. */
export const baselineMethod = z.object({ baseline: z.string(), resize: method.shape.resize });
export type BaselineMethod = z.infer<typeof baselineMethod>;

/** PatchCore compares patches with a memory bank of patches of normal images. */
export const patchCoreMethod = z.object({
  extractor: z.string(),
  /** Fraction of the normal images' patches in the coreset: above 0, at most 1. */
  coresetRatio: z.number().positive().max(1),
  resize: method.shape.resize,
});
export type PatchCoreMethod = z.infer<typeof patchCoreMethod>;

/** Compares patches with the features of normal images (docs/method.md, section 6). */
export const memoryMethod = z.object({
  extractor: z.string(),
  /** AnomalyDINO's nearest normal patch, or SubspaceAD's residual. */
  memory: z.enum(['nearest', 'subspace']),
  parameters: method.shape.parameters,
  resize: method.shape.resize,
});
export type MemoryMethod = z.infer<typeof memoryMethod>;

/** Compares the images of an unlabeled set with each other (docs/method.md, section 6). */
export const setMethod = z.object({
  extractor: z.string(),
  /** MuSc's mutual scoring. */
  set: z.enum(['mutual']),
  parameters: method.shape.parameters,
  resize: method.shape.resize,
});
export type SetMethod = z.infer<typeof setMethod>;

/** An imported network whose output is an anomaly map. */
export const networkMethod = z.object({
  /** Name of the imported model. */
  network: z.string(),
  resize: method.shape.resize,
});
export type NetworkMethod = z.infer<typeof networkMethod>;

/** Any definition of a method. The kinds differ in their keys. */
export const anyMethod = z.union([
  method,
  baselineMethod,
  patchCoreMethod,
  memoryMethod,
  setMethod,
  networkMethod,
]);
export type AnyMethod = z.infer<typeof anyMethod>;

const parameterDef = z.object({
  name: z.string(),
  default: z.int(),
  minimum: z.int(),
  maximum: z.int(),
}) satisfies z.ZodType<ParameterDef>;

/** A component and the numbers that may follow its name. */
const member = z.object({ name: z.string(), title: z.string(), parameters: z.array(parameterDef) });
export type ComponentOption = z.infer<typeof member>;

/** A numeric parameter of a statistic. */
export const parameter = parameterDef.extend({
  default: z.number(),
  minimum: z.number(),
  maximum: z.number(),
  /** Its effect, for display. */
  description: z.string(),
  integer: z.boolean(),
  /** Whether it must be above the minimum. */
  exclusiveMinimum: z.boolean(),
});
export type ParameterOption = z.infer<typeof parameter>;

/** The components that a method can be built from. */
export const methodOptions = z.object({
  extractors: z.array(member),
  /** Each statistic with its supported references and its parameters. */
  statistics: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      references: z.array(z.string()),
      /** Those of its references that can be computed from normal images. */
      normalReferences: z.array(z.string()),
      parameters: z.array(parameter),
    }),
  ),
  references: z.array(member),
  /** Comparisons of features with those of other images. `patchcore` makes a PatchCore method. */
  comparisons: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      otherImages: z.enum(['normal', 'set']),
      parameters: z.array(parameter),
    }),
  ),
  /** The default method. */
  default: method,
});
export type MethodOptions = z.infer<typeof methodOptions>;

/** An execution provider of ONNX Runtime. */
export const provider = z.enum(['cuda', 'directml', 'coreml', 'webgpu', 'cpu']);
export type Provider = z.infer<typeof provider>;

/** A requested provider. `auto` selects the fastest. If a provider cannot be used, Perch reports it and falls back to the CPU. */
export const providerChoice = z.enum(['auto', ...provider.options]);
export type ProviderChoice = z.infer<typeof providerChoice>;

export const stage = z.enum(['decode', 'extract', 'reference', 'statistic']);
export type Stage = z.infer<typeof stage>;

/** The result of inspecting one image. Its anomaly map is the asset `/assets/maps/<map>`. */
export const inspection = z.object({
  /** Asset name of the float32 map (NPY, rows x columns, feature resolution). */
  map: z.string(),
  /** Size of the image in pixels, after EXIF orientation. */
  width: z.int(),
  height: z.int(),
  /** Size of the map in feature positions. */
  mapWidth: z.int(),
  mapHeight: z.int(),
  /** Extent of the map in image pixels. Some extractors pad the image on the right and at the bottom. */
  extentWidth: z.number(),
  extentHeight: z.number(),
  /** Smallest and largest score of the map inside the image. */
  min: z.number(),
  max: z.number(),
  /** Suggested threshold without ground truth: a robust outlier limit of the image's scores. */
  threshold: z.number(),
  /** Seconds spent in each stage. */
  seconds: z.partialRecord(stage, z.number()),
  /** The device, for display: "CPU, AVX-512, 2 threads". */
  device: z.string(),
  /** Patch size and parameters that were chosen for this image; absent if the method fixes them. */
  chosen: z.record(z.string(), z.number()).optional(),
  /** The score that the method itself gives the whole image: an imported network, or `nearest`. If it is absent, `max` is its score. */
  imageScore: z.number().optional(),
});
export type Inspection = z.infer<typeof inspection>;

/** Parts of the store that a window displays. Datasets and runs have their own event streams. */
export const storeTopic = z.enum([
  'audit',
  'methods',
  'outputs',
  'recipes',
  'rolls',
  'scales',
  'sessions',
  'settings',
  'stations',
  'thresholds',
]);
export type StoreTopic = z.infer<typeof storeTopic>;

/** The host's state, as the status bar shows it. */
export const status = z.object({
  version: z.string(),
  engine: z.enum(['starting', 'ready', 'busy', 'stopped']),
  /** The device of computations, for display; empty until the engine is ready. */
  device: z.string(),
  /** Current problems, one sentence each ("The native module was not built: ..."). */
  warnings: z.array(z.string()),
  /** Capabilities of this host. */
  host: z.object({
    kind: z.enum(['desktop', 'browser']),
    /** Whether it has native open dialogs (`datasets.choose`). */
    dialogs: z.boolean(),
  }),
});
export type Status = z.infer<typeof status>;
