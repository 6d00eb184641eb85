import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { errorHint } from './error-hints.ts';
import { line } from './text.ts';

/**
 * How the maps of several layers become one: their mean, their channels one after the other, or the patch features that
 * PatchCore's authors publish (docs/method.md, section 1e).
 */
export const combinations = ['mean', 'concat', 'patchcore'] as const;
export type Combination = (typeof combinations)[number];

/** A known or imported backbone, or an imported network that computes anomaly maps. */
export const model = z.object({
  name: z.string(),
  kind: z.enum(['backbone', 'map']),
  title: z.string(),
  imported: z.boolean(),
  /** What an imported model computes, as text. */
  description: z.string(),
  /** What the import assumed, as sentences. */
  notes: z.array(z.string()),
  license: z.string(),
  source: z.string(),
  sha256: z.string(),
  bytes: z.number(),
  /** Its problem; absent if it has none. */
  problem: z.string().optional(),
  /** What the user can do about it. Each host has its own wording. */
  hint: errorHint.optional(),
  /** Whether `download` can fetch it. */
  downloadable: z.boolean(),
  /** The architecture of the published checkpoint of that name, which `import` takes without naming it. */
  architecture: z.string().optional(),
});
export type Model = z.infer<typeof model>;

/** A network that `import` builds from checkpoints. */
export const architecture = z.object({
  name: z.string(),
  /** The choice of layers: an example, and how several can be combined; null if it has none. */
  layers: z.object({ example: z.string(), combinations: z.array(z.enum(combinations)) }).nullable(),
});
export type ArchitectureChoice = z.infer<typeof architecture>;

export const modelEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), what: z.string(), done: z.number(), total: z.number() }),
  z.object({ type: z.literal('imported'), model }),
]);
export type ModelEvent = z.infer<typeof modelEvent>;

const side = z.int().min(1).max(16_384);
const size = z.object({ height: side, width: side });
const triple = z.tuple([z.number(), z.number(), z.number()]);
const positiveTriple = z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]);

/** A file on the host. */
const file = z.object({ name: z.string().min(1).max(64), from: z.string().min(1) });

/** How an ONNX graph takes images. What its file declares need not be given. */
const graph = file.extend({
  /** Mean and standard deviation that its input is normalized with, in units of its range. */
  mean: triple.optional(),
  std: positiveTriple.optional(),
  /** The value of white; 1 by default, or 255 for bytes. */
  range: z.union([z.literal(1), z.literal(255)]).optional(),
  /** Whether it takes images as N x H x W x C. */
  channelsLast: z.boolean().optional(),
});

/** A model file: a checkpoint of a backbone, or an ONNX graph by what it computes. */
export const modelFile = z.discriminatedUnion('kind', [
  file.extend({
    kind: z.literal('checkpoint'),
    /** Its architecture; follows from the name by default. */
    network: z.string().optional(),
    /** Layers whose outputs are used. */
    layers: z.array(z.string().min(1)).min(1).optional(),
    combine: z.enum(combinations).optional(),
  }),
  graph.extend({
    kind: z.literal('features'),
    /** The value that contains the features; the only output by default. */
    layer: z.string().optional(),
  }),
  graph.extend({
    kind: z.literal('tokens'),
    /** The value that contains the tokens; the only output by default. */
    layer: z.string().optional(),
    /** Tokens before those of the patches, and rows and columns of patches; found by default. */
    leading: z.int().min(0).optional(),
    grid: size.optional(),
    /** The only size of images that it takes. */
    size: size.optional(),
  }),
  graph.extend({
    kind: z.literal('map'),
    /** Outputs with the anomaly map and the image score; found by name and shape by default. */
    mapOutput: z.string().optional(),
    scoreOutput: z.string().optional(),
    /** The only size of images that it takes. */
    size: size.optional(),
    license: line(200).optional(),
  }),
]);
export type ModelFile = z.infer<typeof modelFile>;

export const models = {
  list: oc.output(z.object({ models: z.array(model), architectures: z.array(architecture) })),
  download: oc.input(z.object({ name: z.string() })).output(eventIterator(modelEvent)),
  import: oc.input(modelFile).output(eventIterator(modelEvent)),
  remove: oc.input(z.object({ name: z.string() })).output(z.void()),
  verify: oc.input(z.object({ name: z.string() })).output(model),
};
