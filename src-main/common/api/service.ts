import type { AnyContractRouter, ContractProcedure, InferSchemaOutput } from '@orpc/contract';

/**
 * The implementation of a resource of the contract, with a method for each procedure. A method receives the
 * validated input and a signal that aborts when the caller no longer waits. A procedure with a stream of
 * events is a generator.
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

/** The contract describes a stream as an iterator; the implementation is a generator. */
type Streamed<Output> =
  Output extends AsyncIterator<infer Event, infer _Return, infer _Next>
    ? AsyncGenerator<Event, void, void>
    : Output;
