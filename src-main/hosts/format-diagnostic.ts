import type { ErrorHint } from '../common/api/error-hints.ts';
import type { Diagnostic } from '../common/api/settings.ts';

/**
 * Formats a diagnostic of `perch doctor`: one line, and a second one for a problem and its fix.
 *
 * @param hintText words the diagnostic's hint for the host that prints it
 */
export function formatDiagnostic(
  { topic, found, problem, hint, optional }: Diagnostic,
  hintText?: (hint: ErrorHint) => string,
): string {
  const mark = problem === undefined ? ' ' : optional ? '-' : '!';
  const line = `${mark} ${topic.padEnd(20)} ${found}`;
  const details = [problem, hint && hintText?.(hint)].filter((text) => text !== undefined);
  return details.length === 0 ? line : `${line}\n${' '.repeat(23)}${details.join(' ')}`;
}
