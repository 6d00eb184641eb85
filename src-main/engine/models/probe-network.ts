import { PerchError } from '../../common/api/errors.ts';
import type { Size } from '../../common/geometry.ts';
import type { ModelRunner, OutputTensor } from '../../methods/extractors/extractor.ts';
import { prepareImage } from '../../methods/networks/network-map.ts';
import { findOutputs, SeveralMaps, toMap, toScore } from '../../methods/networks/network-outputs.ts';
import { isFailedRun } from '../inference/onnx-sessions.ts';
import type { EngineRequests } from '../protocol/messages.ts';
import { probeImage } from './probe-image.ts';

/** The sides that networks demand multiples of: strides of convolutional networks, patches of transformers. */
const MULTIPLES = [1, 2, 4, 8, 14, 16, 28, 32, 64];
/** Sides of probe images, about. */
const SIDES = [160, 230] as const;

type Request = EngineRequests['probeNetwork']['request'];
type Response = EngineRequests['probeNetwork']['response'];

/**
 * Runs a network on two probe images, and finds its outputs. If the network takes images of any size, finds the side whose multiples
 * it takes.
 *
 * @throws PerchError `MODEL_UNUSABLE` if it fails, returns no anomaly map, or scores that are not finite
 */
export async function probeNetwork(request: Request, runner: ModelRunner): Promise<Response> {
  const { file, graph, wanted } = request;
  const { size } = graph;
  if (size) return { ...(await tryNetwork(request, [size, size], runner)), multiple: 1 };
  let failure: unknown;
  for (const multiple of graph.input.multiple ? [graph.input.multiple] : MULTIPLES) {
    try {
      const input = multiple === 1 ? graph.input : { ...graph.input, multiple };
      const sizes = probeSizes(multiple);
      return { ...(await tryNetwork({ file, graph: { ...graph, input }, wanted }, sizes, runner)), multiple };
    } catch (cause) {
      if (!isFailedRun(cause)) throw cause;
      failure ??= cause;
    }
  }
  const reason = failure instanceof PerchError ? failure.message : String(failure);
  throw new PerchError(
    'MODEL_UNUSABLE',
    `${reason.replace(/\.$/, '')}. It failed at sizes that are multiples of ${MULTIPLES.join(', ')}. If it takes images of one size only, ` +
      'give that size.',
    failure,
    { kind: 'give-size' },
  );
}

/** Two sizes, not square, that are multiples of `multiple` but of no larger one. */
function probeSizes(multiple: number): [Size, Size] {
  const [short, about] = SIDES.map((side) => multiple * (2 * Math.round((side / multiple - 1) / 2) + 1));
  const long = about === short ? short + 2 * multiple : about;
  return [
    { height: short, width: long },
    { height: long, width: short },
  ];
}

async function tryNetwork(
  { file, graph, wanted }: Request,
  sizes: readonly [Size, Size],
  runner: ModelRunner,
): Promise<Omit<Response, 'multiple'>> {
  const runs = [];
  for (const [at, { height, width }] of sizes.entries()) {
    const image = probeImage(height, width, at);
    const { tensor } = prepareImage(image, graph);
    const start = performance.now();
    const outputs = await runner.runOutputs(file, tensor);
    const seconds = (performance.now() - start) / 1000;
    runs.push({ outputs, secondsPerPixel: seconds / (height * width) });
  }
  const [first, second] = runs;
  try {
    const outputs = findOutputs(first.outputs, wanted);
    // Both runs must have them.
    findOutputs(second.outputs, { map: outputs.map, score: outputs.score ?? undefined });
    const isConstant = [first, second].map((run) => assertFinite(run.outputs, outputs)).every(Boolean);
    // The first run also allocates memory.
    return { outputs, secondsPerPixel: second.secondsPerPixel, isConstant };
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const hint = cause instanceof SeveralMaps ? ({ kind: 'name-output' } as const) : undefined;
    const message = `${file} cannot be used as a method: ${cause.message}.`;
    throw new PerchError('MODEL_UNUSABLE', message, cause, hint);
  }
}

/** Returns whether all scores of the map are equal. @throws RangeError if they are not finite */
function assertFinite(
  outputs: readonly OutputTensor[],
  { map: mapName, score: scoreName }: { map: string; score: string | null },
): boolean {
  const output = (name: string | null) => outputs.find((each) => each.name === name);
  const [map, score] = [output(mapName), output(scoreName)];
  const values = (map && toMap(map)?.values) ?? new Float32Array();
  if (!values.every(Number.isFinite) || (score && !Number.isFinite(toScore(score))))
    throw new RangeError('its scores of a probe image are not finite numbers');
  return values.every((value) => value === values[0]);
}
