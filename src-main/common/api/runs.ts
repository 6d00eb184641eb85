import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { line } from './text.ts';
import { anyMethod, errorReport, inspection, providerChoice, stage } from './schemas.ts';

/** A method that the store knows: how maps are made here, or the name of a system whose maps were imported. */
export const storedMethod = z.object({
  id: z.int(),
  /** Short name for people: a preset's, or one made of its parts. Unique. */
  label: z.string(),
  /** How maps are made; null for imported maps. */
  definition: anyMethod.nullable(),
});
export type StoredMethod = z.infer<typeof storedMethod>;

/** The map of one image by one method, with everything it came from. Its map is the asset `/assets/maps/<map>`. */
export const result = inspection.extend({
  id: z.int(),
  image: z.int(),
  method: z.int(),
  /** SHA-256 of the image file's bytes that were inspected. */
  imageSha256: z.string(),
  /** SHA-256 of the added model that was used, null where none was. */
  modelSha256: z.string().nullable(),
  /** Versions of Perch, ONNX Runtime, ... by name. Empty for imported maps. */
  versions: z.record(z.string(), z.string()),
  createdAt: z.string(),
});
export type Result = z.infer<typeof result>;

export const runState = z.enum(['waiting', 'running', 'paused', 'canceled', 'done']);
export type RunState = z.infer<typeof runState>;
export const runItemState = z.enum(['waiting', 'running', 'done', 'failed', 'canceled']);
export type RunItemState = z.infer<typeof runItemState>;

export const run = z.object({
  id: z.int(),
  dataset: z.int(),
  /** Classes it covers; null for all. */
  classes: z.array(z.string()).nullable(),
  methods: z.array(z.int()),
  provider: providerChoice,
  state: runState,
  /** Items (an image by a method) in each state. */
  counts: z.record(runItemState, z.int()),
  total: z.int(),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  /** Items a second, and seconds left, as far as they can be told. */
  rate: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  /** What it really runs on; empty before the first result. */
  device: z.string(),
  /** Why another process is working on it, in words; null where that is us or nobody. */
  heldBy: z.string().nullable(),
});
export type Run = z.infer<typeof run>;

export const runItem = z.object({
  id: z.int(),
  run: z.int(),
  image: z.int(),
  imageName: z.string(),
  textureClass: z.string(),
  method: z.int(),
  state: runItemState,
  error: errorReport.nullable(),
});
export type RunItem = z.infer<typeof runItem>;

/** What happens to runs. The first event tells all runs. */
export const runEvent = z.discriminatedUnion('type', [
  /** All runs, newest first; at the start and whenever one changed (a few times a second at most). */
  z.object({ type: z.literal('runs'), runs: z.array(run) }),
  z.object({
    type: z.literal('stage'),
    run: z.int(),
    image: z.int(),
    method: z.int(),
    stage,
    fraction: z.number(),
  }),
  z.object({ type: z.literal('result'), result }),
  z.object({ type: z.literal('failed'), item: runItem }),
  /** The store cannot be written, so that not even a failure can be kept; work goes on once it can. */
  z.object({ type: z.literal('halted'), error: errorReport }),
]);
export type RunEvent = z.infer<typeof runEvent>;

/** Time and memory that a method is expected to need. */
export const estimate = z.object({
  /** Images without a result by it. */
  images: z.int(),
  /** Seconds for all of these on this machine; features that an earlier method of the question needs as well are told there. */
  seconds: z.number(),
  /** Whether the time is scaled by measurements on this machine, or comes from the cost model alone. */
  basis: z.enum(['measured', 'modeled']),
  /** Memory of the engine at its peak, always modeled. */
  bytes: z.number(),
});
export type Estimate = z.infer<typeof estimate>;

const id = z.object({ run: z.int() });
const scope = z.object({
  dataset: z.int(),
  classes: z.array(z.string()).min(1).optional(),
  methods: z.array(z.int()).min(1).max(100),
});

export const runs = {
  watch: oc.output(eventIterator(runEvent)),
  list: oc.output(z.object({ runs: z.array(run) })),
  /**
   * Queues an inspection of every test image of the scope that has no result yet, or of those of `images` alone. Normal images
   * of a class go with PatchCore. `CONFLICT` where `skipQueued` leaves nothing to do.
   */
  start: oc
    .input(
      scope.extend({
        images: z.array(z.int()).min(1).max(100_000).optional(),
        /** Whether it comes before the items that wait already: somebody looks at it now. */
        first: z.boolean().optional(),
        /** Whether what another run has queued already is left to that one. */
        skipQueued: z.boolean().optional(),
        provider: providerChoice.default('auto'),
      }),
    )
    .output(run),
  pause: oc.input(id).output(run),
  resume: oc.input(id).output(run),
  /** Ends it for good; results that are there stay. */
  cancel: oc.input(id).output(run),
  /** Puts failed and canceled items back into the queue. */
  retry: oc.input(id).output(run),
  /** Forgets the run; its results stay. */
  remove: oc.input(id).output(z.void()),
  items: oc
    .input(
      id.extend({
        state: runItemState.optional(),
        offset: z.int().min(0).default(0),
        limit: z.int().min(1).max(1000).default(200),
      }),
    )
    .output(z.object({ items: z.array(runItem), total: z.int() })),
  /** Has waiting items of these images done before others: what is looked at comes first. */
  prioritize: oc.input(z.object({ images: z.array(z.int()).max(100) })).output(z.void()),
  /** Results of all images of a dataset by one method, the latest of each image. */
  results: oc
    .input(z.object({ dataset: z.int(), method: z.int() }))
    .output(z.object({ results: z.array(result) })),
  estimate: oc
    .input(
      z.object({
        dataset: z.int(),
        classes: z.array(z.string()).optional(),
        definitions: z.array(anyMethod).min(1).max(100),
      }),
    )
    .output(z.object({ estimates: z.array(estimate) })),
};

/** A preset: a method under a name. */
export const preset = z.object({
  name: z.string(),
  title: z.string(),
  definition: anyMethod,
  /** Why it cannot be used now (a backbone that was not added), in words with the fix; absent where it can. */
  missing: z.string().optional(),
  /** Whether it is the user's own. */
  custom: z.boolean(),
});
export type Preset = z.infer<typeof preset>;

/** A stored method and how many results it has in a dataset. */
export const methodUse = storedMethod.extend({ results: z.int() });
export type MethodUse = z.infer<typeof methodUse>;

export const methodProcedures = {
  presets: oc.output(z.object({ presets: z.array(preset) })),
  savePreset: oc
    .input(
      z.object({
        name: z
          .string()
          .trim()
          .regex(/^[\w][\w .+-]{0,63}$/),
        title: line(200),
        definition: anyMethod,
      }),
    )
    .output(preset),
  removePreset: oc.input(z.object({ name: z.string() })).output(z.void()),
  /** The stored method of a definition; the same definition gives the same method. */
  store: oc.input(z.object({ definition: anyMethod, label: line(100).optional() })).output(storedMethod),
  /** Every stored method, oldest first. */
  stored: oc.output(z.object({ methods: z.array(storedMethod) })),
  /** Stored methods that have results in a dataset. */
  used: oc.input(z.object({ dataset: z.int() })).output(z.object({ methods: z.array(methodUse) })),
};
