import type { DecisionMessage, PieceMessage } from '../../../common/api/decision-message.ts';
import type { ErrorReport } from '../../../common/api/errors.ts';
import type { OutputTarget, OutputType } from '../../../common/api/outputs.ts';

/** Delivers messages to one receiver. */
export interface Target {
  /**
   * Delivers a message, which may have been delivered before.
   *
   * @returns why the receiver refuses the message for good; undefined if it has it
   * @throws PerchError if another attempt may succeed
   */
  deliver(message: PieceMessage, signal: AbortSignal): Promise<ErrorReport | undefined>;
  /** Delivers a test message, or checks that files can be written. @throws PerchError */
  test(message: DecisionMessage & { kind: 'test' }, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export type TargetOf<Type extends OutputType> = Extract<OutputTarget, { type: Type }>;
