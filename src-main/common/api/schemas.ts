import { z } from 'zod';
import { parameterDef } from './component-spec.ts';
import { errorHint } from './error-hints.ts';
import { errorCodes } from './errors.ts';

/** Why something was refused or failed, in words for a person. */
export const errorReport = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  hint: errorHint.optional(),
});

/** One choice from each of the paper's three families (eq. 1), with the parameters that were chosen. */
export const method = z.object({
  /** Name, with a seed after it where it takes one: `random:7`. */
  extractor: z.string(),
  statistic: z.string(),
  /** Name, with numbers after it where it takes some: `knn:5`, `random:10:7`. */
  reference: z.string(),
  /** Patch side T in feature positions, odd, 3 to 31. */
  patchSize: z
    .int()
    .min(3)
    .max(31)
    .refine((side) => side % 2 === 1, 'The patch side must be odd.'),
  /** The statistic's own parameters by name, beside the patch; its defaults for those left out. */
  parameters: z.record(z.string(), z.number()).optional(),
  /** Side in pixels that images are resized to (square, bilinear) before extraction; absent: own size. */
  resize: z.int().min(16).max(8192).optional(),
});
export type Method = z.infer<typeof method>;

/** A whole-image method that the paper compares with: an image in, an anomaly map out. */
export const baselineMethod = z.object({ baseline: z.string(), resize: method.shape.resize });
export type BaselineMethod = z.infer<typeof baselineMethod>;

/** PatchCore: patches are compared with a memory bank of those of normal images, which are given beside it. */
export const patchCoreMethod = z.object({
  extractor: z.string(),
  /** Part of the normal images' positions that the bank keeps, above 0, 1 at most. */
  coresetRatio: z.number().positive().max(1),
  resize: method.shape.resize,
});
export type PatchCoreMethod = z.infer<typeof patchCoreMethod>;

/** Every way of making an anomaly map. */
export const anyMethod = z.union([method, baselineMethod, patchCoreMethod]);
export type AnyMethod = z.infer<typeof anyMethod>;

/** A member of a family with the numbers that may follow its name. */
const member = z.object({ name: z.string(), title: z.string(), parameters: z.array(parameterDef) });
export type ComponentOption = z.infer<typeof member>;

/** A number that a statistic takes. */
export const parameter = parameterDef.extend({
  default: z.number(),
  minimum: z.number(),
  maximum: z.number(),
  /** What it does, for people. */
  description: z.string(),
  integer: z.boolean(),
  /** Whether it has to be above the minimum. */
  exclusiveMinimum: z.boolean(),
});
export type ParameterOption = z.infer<typeof parameter>;

/** What a method can be built from. */
export const methodOptions = z.object({
  extractors: z.array(member),
  /** Each with the references that it takes and its parameters beside the patch. */
  statistics: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      references: z.array(z.string()),
      parameters: z.array(parameter),
    }),
  ),
  references: z.array(member),
  /** The method that is used where none is chosen. */
  default: method,
});
export type MethodOptions = z.infer<typeof methodOptions>;

/** What ONNX Runtime runs extractors on. */
export const provider = z.enum(['cuda', 'directml', 'coreml', 'webgpu', 'cpu']);
export type Provider = z.infer<typeof provider>;

/** A wish for a provider; one that cannot be used is reported and the CPU used instead. `auto` takes the best. */
export const providerChoice = z.enum(['auto', ...provider.options]);
export type ProviderChoice = z.infer<typeof providerChoice>;

export const stage = z.enum(['decode', 'extract', 'reference', 'statistic']);
export type Stage = z.infer<typeof stage>;

/** The outcome of inspecting one image. Its anomaly map is the asset `/assets/maps/<map>`. */
export const inspection = z.object({
  /** Asset name of the float32 map (NPY, rows x columns, feature resolution). */
  map: z.string(),
  /** Size of the image in pixels, after EXIF orientation. */
  width: z.int(),
  height: z.int(),
  /** Size of the map in feature positions. */
  mapWidth: z.int(),
  mapHeight: z.int(),
  /** Size in pixels of the area that the map covers: the image, padded right and bottom by some extractors. */
  extentWidth: z.number(),
  extentHeight: z.number(),
  /** Smallest and largest score of the map inside the image. `max` is the score of the image. */
  min: z.number(),
  max: z.number(),
  /** Threshold proposed where no ground truth is known: a robust outlier limit of the image's own scores. */
  threshold: z.number(),
  /** Seconds spent in each stage. */
  seconds: z.partialRecord(stage, z.number()),
  /** What it ran on, for people: "CPU, AVX-512, 2 threads". */
  device: z.string(),
});
export type Inspection = z.infer<typeof inspection>;

/** What a window shows of the store beside datasets and runs, whose changes have streams of their own. */
export const storeTopic = z.enum(['methods', 'sessions', 'settings', 'thresholds']);
export type StoreTopic = z.infer<typeof storeTopic>;

/** The state of the workstation, shown in the status bar. */
export const status = z.object({
  version: z.string(),
  engine: z.enum(['starting', 'ready', 'busy', 'stopped']),
  /** What computations run on, for people; empty until the engine first answered. */
  device: z.string(),
  /** Standing problems, each a sentence with its fix ("The native module was not built: ..."). */
  warnings: z.array(z.string()),
  /** What this host can do beyond every host. */
  host: z.object({
    kind: z.enum(['desktop', 'browser']),
    /** Native open dialogs (`datasets.choose`). */
    dialogs: z.boolean(),
  }),
});
export type Status = z.infer<typeof status>;
