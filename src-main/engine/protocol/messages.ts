import type { ErrorReport } from '../../common/api/errors.ts';
import type { Stage } from '../../common/api/schemas.ts';
import type { Isa } from '../../methods/types.ts';
import type { NormalImage } from './data-types.ts';
import type { InspectionRequests } from './requests/inspection.ts';
import type { ModelRequests } from './requests/models.ts';
import type { ImageRequests } from './requests/images.ts';
import type { MapRequests } from './requests/maps.ts';
import type { MaskRequests } from './requests/masks.ts';
import type { PictureRequests } from './requests/pictures.ts';
import type { EvaluationRequests } from './requests/evaluation.ts';

/** The requests of the host to the engine, by kind. Requests and responses are copied between the processes. */
export interface EngineRequests
  extends
    InspectionRequests,
    ModelRequests,
    ImageRequests,
    MapRequests,
    MaskRequests,
    PictureRequests,
    EvaluationRequests {}

export type RequestKind = keyof EngineRequests;

/** A part of the response to `inspectSet` that is sent before its end. */
export type ResponsePart =
  | { type: 'unusable'; image: NormalImage; error: ErrorReport }
  | { type: 'map'; image: NormalImage; answer: EngineRequests['inspect']['response'] };

/** The engine's description of itself. */
export interface EngineInfo {
  /** The hardware that runs computations, for display. */
  device: string;
  /** Instruction sets that the native module can use on this CPU, best first; empty if the module was not built. */
  isas: readonly Isa[];
  /** Versions of the engine's components, by name. */
  versions: Record<string, string>;
  /** Permanent problems, each a sentence with its fix. */
  warnings: string[];
}

/** The progress of a request: the completed fraction of its current stage. */
export interface Progress {
  stage: Stage;
  fraction: number;
  /** The expected cost of the stage, sent at its start if known. */
  estimate?: { seconds: number; bytes: number };
}

export type ToEngine =
  | {
      [Kind in RequestKind]: {
        type: 'request';
        id: number;
        kind: Kind;
        request: EngineRequests[Kind]['request'];
      };
    }[RequestKind]
  | { type: 'cancel'; id: number };

export type FromEngine =
  /** Sent at the start, and again whenever `info` changes. */
  | { type: 'ready'; info: EngineInfo }
  | { type: 'progress'; id: number; progress: Progress }
  /**
   * An added model starts to run; it hangs if it runs for longer than the timeout. Null means that it has
   * ended.
   */
  | { type: 'model-run'; id: number; file: string; timeoutSeconds: number | null }
  | { type: 'part'; id: number; part: ResponsePart }
  | { type: 'response'; id: number; response: EngineRequests[RequestKind]['response'] }
  | { type: 'failure'; id: number; error: ErrorReport };
