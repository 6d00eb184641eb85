import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { line } from './text.ts';
import { anyMethod, errorReport, inspection, providerChoice, stage } from './schemas.ts';

/** A method in the store: a definition, or the name of another system whose maps were imported. */
export const storedMethod = z.object({
  id: z.int(),
  /** Unique short name for display: the name of a preset, or one composed of the components. */
  label: z.string(),
  /** How Perch computes the maps; null for imported maps. */
  definition: anyMethod.nullable(),
});
export type StoredMethod = z.infer<typeof storedMethod>;

/** One method's result on one image, with its inputs. The map is the asset `/assets/maps/<map>`. */
export const result = inspection.extend({
  id: z.int(),
  image: z.int(),
  method: z.int(),
  /** SHA-256 of the inspected image file. */
  imageSha256: z.string(),
  /** SHA-256 of the imported model; null if none was used. */
  modelSha256: z.string().nullable(),
  /** SHA-256 of the inspection region; empty for the whole image. */
  regionSha256: z.string(),
  /** Whether the image file, the inspection region and the other images that it was compared with are still the same. */
  current: z.boolean(),
  /** Versions of Perch, ONNX Runtime, ... by name. Empty for imported maps. */
  versions: z.record(z.string(), z.string()),
  /** Name of the worker that computed it; empty if the process that held the run did. */
  worker: z.string(),
  createdAt: z.string(),
});
export type Result = z.infer<typeof result>;

/** Where a run is worked on: in the process that holds it, or by workers that take its tasks from the queue. */
export const runPlace = z.enum(['here', 'workers']);
export type RunPlace = z.infer<typeof runPlace>;

export const runState = z.enum(['waiting', 'running', 'paused', 'canceled', 'done']);
export type RunState = z.infer<typeof runState>;
export const runItemState = z.enum(['waiting', 'running', 'done', 'failed', 'canceled']);
export type RunItemState = z.infer<typeof runItemState>;

/** Classes that a method cannot inspect because they lack the images that it compares with. */
export const skippedClasses = z.object({ classes: z.array(z.string()), reason: z.string() });
export type SkippedClasses = z.infer<typeof skippedClasses>;

export const run = z.object({
  id: z.int(),
  dataset: z.int(),
  /** The inspected classes; null for all. */
  classes: z.array(z.string()).nullable(),
  methods: z.array(z.int()),
  provider: providerChoice,
  place: runPlace,
  state: runState,
  /** Number of items (image x method) in each state. */
  counts: z.record(runItemState, z.int()),
  total: z.int(),
  /** What its methods skip; their other classes are inspected. */
  skipped: z.array(skippedClasses.extend({ method: z.int() })),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  /** Items per second and remaining seconds; null if unknown. */
  rate: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  /** The device in use, for display; empty before the first result. */
  device: z.string(),
  /** Another process that holds the lease, as a sentence; null if this process or no process holds it. */
  heldBy: z.string().nullable(),
  /** The workers of the queue, and how many of the run's results each has sent to this process; empty unless `place` is `workers`. */
  workers: z.array(z.object({ name: z.string(), results: z.int() })),
  /** Why workers do not proceed, as a sentence, such as a queue that does not answer; null if nothing is known to stop them. */
  obstacle: z.string().nullable(),
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

/** Events of runs. The first event lists all runs. */
export const runEvent = z.discriminatedUnion('type', [
  /** All runs, newest first: at the start and after changes, at most a few times per second. */
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
  /** The store cannot be written, so work is suspended. It resumes when the store can be written. */
  z.object({ type: z.literal('halted'), error: errorReport }),
]);
export type RunEvent = z.infer<typeof runEvent>;

/** Estimated time and memory of a method. */
export const estimate = z.object({
  /** Images without a result of this method. */
  images: z.int(),
  /** Seconds for all of them on this machine. Shared features count for the first method that needs them. */
  seconds: z.number(),
  /** Whether measurements on this machine scale the time; otherwise it comes only from the cost model. */
  basis: z.enum(['measured', 'modeled']),
  /** Peak memory of the engine, always modeled. */
  bytes: z.number(),
  skipped: skippedClasses.nullable(),
});
export type Estimate = z.infer<typeof estimate>;

/** The images that a run inspects. */
export const runSplit = z.enum(['test', 'train', 'all']);
export type RunSplit = z.infer<typeof runSplit>;

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
   * Queues every image of the scope, or of `images`, that has no result. A method skips the classes that lack the images that it
   * compares with. Fails with `INVALID_ARGUMENT` if all methods skip all classes, and with `CONFLICT` if `skipQueued` leaves nothing to do.
   */
  start: oc
    .input(
      scope.extend({
        /** Defaults to the test images. Training images only serve calibration. */
        split: runSplit.optional(),
        images: z.array(z.int()).min(1).max(100_000).optional(),
        /** Whether it runs before items that are already queued. */
        first: z.boolean().optional(),
        /** Whether to skip items that another run has queued. */
        skipQueued: z.boolean().optional(),
        provider: providerChoice.default('auto'),
        /** `here` by default; `workers` fails with `INVALID_ARGUMENT` if no queue is set, or for a method or image that only one machine can process. */
        place: runPlace.optional(),
      }),
    )
    .output(run),
  pause: oc.input(id).output(run),
  resume: oc.input(id).output(run),
  /** Cancels a run permanently. Existing results are kept. */
  cancel: oc.input(id).output(run),
  /** Requeues failed and canceled items. */
  retry: oc.input(id).output(run),
  /** Removes the run from the list. Its results are kept. */
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
  /** Moves the waiting items of these images, such as those in view, to the front of the queue. */
  prioritize: oc.input(z.object({ images: z.array(z.int()).max(100) })).output(z.void()),
  /** A method's latest result for each image of a dataset. */
  results: oc
    .input(z.object({ dataset: z.int(), method: z.int() }))
    .output(z.object({ results: z.array(result) })),
  estimate: oc
    .input(
      z.object({
        dataset: z.int(),
        classes: z.array(z.string()).optional(),
        split: runSplit.optional(),
        definitions: z.array(anyMethod).min(1).max(100),
        /** `auto` by default. */
        provider: providerChoice.optional(),
      }),
    )
    .output(z.object({ estimates: z.array(estimate) })),
};

/** A named method. */
export const preset = z.object({
  name: z.string(),
  title: z.string(),
  definition: anyMethod,
  /** Why it cannot be used (such as a missing backbone), as text; absent if it can. */
  missing: z.string().optional(),
  /** Whether the user saved it. */
  custom: z.boolean(),
});
export type Preset = z.infer<typeof preset>;

/** A stored method and the number of its results in a dataset. */
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
  /** Returns the stored method of a definition and adds it if it is new. */
  store: oc.input(z.object({ definition: anyMethod, label: line(100).optional() })).output(storedMethod),
  /** Every stored method, oldest first. */
  stored: oc.output(z.object({ methods: z.array(storedMethod) })),
  /** Stored methods that have results in a dataset. */
  used: oc.input(z.object({ dataset: z.int() })).output(z.object({ methods: z.array(methodUse) })),
};
