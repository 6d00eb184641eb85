import { PerchError } from '../../common/api/errors.ts';

/** An error of a run's host, which every worker would meet. */
export class HostFault extends PerchError {}

/** A model's file on the host differs from its record. */
export function modelChanged(name: string, cause: unknown): HostFault {
  return new HostFault(
    'MODEL_UNUSABLE',
    `The file of the model ${name} on the host of the run was changed or damaged.`,
    cause,
    { kind: 'reimport-model', model: name },
  );
}
