import { type ErrorCode, errorCodes, PerchError } from '../../common/api/errors.ts';
import type { Execution, FeatureMap } from '../types.ts';
import type { ComputeBackend } from './compute-backend.ts';

/** A computation that the native module has started. */
export interface NativeJob<Outcome = Float32Array> {
  promise: Promise<Outcome>;
  cancel(): void;
}

export type NativeExecution = Pick<Execution, 'threads' | 'isa' | 'onProgress'>;

export type Statistic<Reference> = (
  features: FeatureMap,
  reference: Reference,
  parameters: { patchSize: number },
  execution: NativeExecution,
) => NativeJob;

export type Reference = (
  features: FeatureMap,
  patchSize: number,
  execution: NativeExecution,
  tiles?: Uint32Array,
) => NativeJob;

/** A reference of the native module as one of a backend. */
export const referenceOf =
  (start: Reference): ComputeBackend['medianReference'] =>
  (features, patchSize, execution, tiles) =>
    run(execution, (options) => start(features, patchSize, options, tiles));

/** A statistic of the native module as one of a backend. */
export const statisticOf =
  <Given>(start: Statistic<Given>) =>
  <P extends { patchSize: number }>(
    features: FeatureMap,
    reference: Given,
    parameters: P,
    execution: Execution,
  ) =>
    run(execution, (options) => start(features, reference, parameters, options));

/** Starts a computation and waits for it. Aborting the signal cancels it. */
export async function run<Outcome = Float32Array>(
  { threads, isa = 'auto', signal, onProgress }: Execution,
  start: (execution: NativeExecution) => NativeJob<Outcome>,
): Promise<Outcome> {
  signal?.throwIfAborted();
  let cancel = () => {};
  try {
    const job = start({ threads, isa, ...(onProgress && { onProgress }) });
    cancel = job.cancel;
    signal?.addEventListener('abort', cancel);
    const outcome = await job.promise;
    signal?.throwIfAborted();
    return outcome;
  } catch (error) {
    signal?.throwIfAborted();
    throw toPerchError(error);
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

export function withPerchErrors<Result>(call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    throw toPerchError(error);
  }
}

/** Errors of the native module carry a code. An error without one is a bug and passes unchanged. */
function toPerchError(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const code = errorCodes.find((known): known is ErrorCode => known === error.code);
  return code ? new PerchError(code, error.message, error) : error;
}
