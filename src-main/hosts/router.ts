import { type AnyContractRouter, ValidationError } from '@orpc/contract';
import { implement, ORPCError, type Router as ContractRouterOf } from '@orpc/server';

import { contract } from '../common/api/contract.ts';
import { PerchError } from '../common/api/errors.ts';
import type { Status } from '../common/api/schemas.ts';
import type { ServiceOf } from '../common/api/service.ts';
import type { Services } from '../services/types.ts';
import { httpStatus, toPublicReport } from './http-errors.ts';
import { version } from '../platform/version.ts';

/** Capabilities that only some hosts have. */
export interface HostCapabilities {
  kind: Status['host']['kind'];
  /** Shows a native dialog for files or a folder; resolves to no paths if it is canceled. */
  choose?: (kind: 'files' | 'folder') => Promise<string[]>;
  /** Shows the context menu of an image file. */
  showImageMenu?: (path: string) => void;
  /** Opens the second window, which shows what the page publishes as `source`. */
  openDisplay?: (source: string) => Promise<void>;
  /** Prints a self-contained HTML page as PDF. */
  printPdf?: (html: string) => Promise<Uint8Array>;
  /** Adds a dataset to the menu of recent ones. */
  noteDataset?: (dataset: number) => Promise<void>;
}

/**
 * Binds the contract to the services. Every failure is thrown as an `ORPCError` with an `ErrorReport` as its
 * data. The service receives the call's signal, which aborts when the caller cancels or disconnects.
 */
export function createRouter(services: Services, host: HostCapabilities) {
  const { system, methods, datasets, rolls } = implement(contract);
  const status = { version, host: { kind: host.kind, dialogs: host.choose !== undefined } };

  return implement(contract)
    .use(async ({ next, signal }) => {
      try {
        const result = await next();
        return isStream(result.output)
          ? { ...result, output: reportStreamErrors(result.output, signal) }
          : result;
      } catch (thrown) {
        throw toRpcError(thrown);
      }
    })
    .router({
      system: {
        watch: system.watch.handler(async function* ({ signal = neverAborted() }) {
          for await (const engine of services.engine.watch(signal)) yield { ...engine, ...status };
        }),
        showImageMenu: system.showImageMenu.handler(async ({ input, signal = neverAborted() }) => {
          host.showImageMenu?.((await services.datasets.path(input, signal)).path);
        }),
        openDisplay: system.openDisplay.handler(async ({ input }) => await host.openDisplay?.(input.source)),
        noteDataset: system.noteDataset.handler(async ({ input }) => await host.noteDataset?.(input.dataset)),
        changes: system.changes.handler(async function* ({ signal = neverAborted() }) {
          yield* services.changes.watch(signal);
        }),
      },
      methods: {
        ...bindProcedures(contract.methods, services.methods),
        options: methods.options.handler(() => services.methods.options()),
      },
      datasets: {
        ...bindProcedures(contract.datasets, services.datasets),
        choose: datasets.choose.handler(async ({ input }) => ({ paths: await choose(host, input.kind) })),
      },
      runs: bindProcedures(contract.runs, services.runs),
      evaluation: bindProcedures(contract.evaluation, services.evaluation),
      sessions: bindProcedures(contract.sessions, services.sessions),
      recipes: bindProcedures(contract.recipes, services.recipes),
      regions: bindProcedures(contract.regions, services.regions),
      rolls: {
        ...bindProcedures(contract.rolls, services.rolls),
        certificate: rolls.certificate.handler(async ({ input, signal = neverAborted() }) => {
          const { printPdf } = host;
          if (input.format !== 'pdf' || !printPdf) return services.rolls.certificate(input, signal);
          const page = await services.rolls.certificate({ ...input, format: 'html' }, signal);
          const content = Buffer.from(await printPdf(page.content)).toString('base64');
          return { name: page.name.replace(/html$/, 'pdf'), mediaType: 'application/pdf', content };
        }),
      },
      scales: bindProcedures(contract.scales, services.scales),
      stations: bindProcedures(contract.stations, services.stations),
      annotation: bindProcedures(contract.annotation, services.annotation),
      settings: bindProcedures(contract.settings, services.settings),
      models: bindProcedures(contract.models, services.models),
      storage: bindProcedures(contract.storage, services.storage),
      outputs: bindProcedures(contract.outputs, services.outputs),
      audit: bindProcedures(contract.audit, services.audit),
    });
}

export type Router = ReturnType<typeof createRouter>;

/** Binds each procedure of a group to its service's method of the same name. */
function bindProcedures<Procedures extends AnyContractRouter & object>(
  procedures: Procedures,
  service: Omit<ServiceOf<Procedures>, 'choose' | 'options'>,
) {
  const handlers = Object.entries(procedures).map(([name, procedure]) => {
    const call = (input: unknown, signal: AbortSignal) =>
      (service as unknown as Record<string, (input: unknown, signal: AbortSignal) => unknown>)[name](
        input,
        signal,
      );
    const handler = implement(procedure as typeof contract.datasets.list).handler(
      async ({ input, signal = neverAborted() }) => (await call(input, signal)) as never,
    );
    return [name, handler];
  });
  return Object.fromEntries(handlers) as ContractRouterOf<Procedures, Record<never, never>>;
}

async function choose(host: HostCapabilities, kind: 'files' | 'folder'): Promise<string[]> {
  if (host.choose) return await host.choose(kind);
  throw new PerchError('INVALID_ARGUMENT', 'A browser has no native dialogs. Drop the files onto the page.');
}

/** A signal for calls without one. */
function neverAborted(): AbortSignal {
  return new AbortController().signal;
}

function isStream(output: unknown): output is AsyncIterable<unknown> {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output;
}

/** Converts stream errors, except after the caller aborted the stream. */
async function* reportStreamErrors(stream: AsyncIterable<unknown>, signal: AbortSignal | undefined) {
  try {
    yield* stream;
  } catch (thrown) {
    if (!signal?.aborted) throw toRpcError(thrown);
  }
}

function toRpcError(thrown: unknown): ORPCError<string, unknown> {
  const report = toPublicReport(describeInvalidInput(thrown) ?? thrown);
  return new ORPCError(report.code, {
    status: httpStatus[report.code],
    message: report.message,
    data: report,
  });
}

/** A sentence about input that does not match the contract's schema. */
function describeInvalidInput(thrown: unknown): PerchError | undefined {
  if (!(thrown instanceof ORPCError) || thrown.code !== 'BAD_REQUEST') return undefined;
  if (!(thrown.cause instanceof ValidationError)) return undefined;
  const faults = thrown.cause.issues.slice(0, 3).map((issue) => {
    const field = (issue.path ?? [])
      .map((part) => String(typeof part === 'object' ? part.key : part))
      .join('.');
    return field ? `${field}: ${issue.message}` : issue.message;
  });
  return new PerchError('INVALID_ARGUMENT', `Invalid request: ${faults.join('; ')}.`);
}
