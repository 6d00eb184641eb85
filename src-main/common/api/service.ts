import type { AnyContractRouter, ContractProcedure, InferSchemaOutput } from '@orpc/contract';

/**
 * What carries out one procedures of the contract: a method for each of its procedures, with the validated input and a signal that
 * is aborted once nobody waits for the answer any more. A procedure that answers with a stream is a generator.
 */
export type ServiceOf<Procedures extends AnyContractRouter> = {
  [Name in keyof Procedures]: Procedures[Name] extends ContractProcedure<
    infer Input,
    infer Output,
    infer _Errors,
    infer _Meta
  >
    ? (
        input: InferSchemaOutput<Input>,
        signal: AbortSignal,
      ) => Streamed<InferSchemaOutput<Output>> | Promise<Streamed<InferSchemaOutput<Output>>>
    : never;
};

/** The contract names a stream by its consumer's side; who makes it, generates. */
type Streamed<Output> =
  Output extends AsyncIterator<infer Event, infer _Return, infer _Next>
    ? AsyncGenerator<Event, void, void>
    : Output;
