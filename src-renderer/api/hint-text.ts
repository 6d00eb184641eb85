import type { ErrorHint } from '../../src-main/common/api/error-hints.ts';
import type { ErrorReport } from '../../src-main/common/api/errors.ts';

/** The text of a hint, in terms of the window's controls. Undefined if the message is sufficient. */
export function hintText(hint: ErrorHint): string | undefined {
  switch (hint.kind) {
    case 'resize-images':
      return 'Set a size under “Resize to” in the method.';
    case 'get-model':
      return `Download ${hint.model} in Settings > Models, or import ${hint.file} there.`;
    case 'import-model-file':
      return `Import ${hint.file} in Settings > Models.`;
    case 'import-network':
      return `Import ${hint.model} in Settings > Models.`;
    case 'reimport-model':
      return 'Remove the model in Settings > Models and import it again.';
    case 'give-size':
      return 'Enter it as “Image size”.';
    case 'give-normalization':
      return 'Enter them as “Mean” and “Standard deviation”.';
    case 'name-network':
      return 'Choose its network.';
    case 'import-tokens':
      return 'If these are the tokens of a transformer, choose “Patch tokens”.';
    case 'give-tokens':
      return 'Enter “Leading tokens”, “Grid of patches”, or both.';
    case 'name-layer':
      return 'Enter it as “Output”.';
    case 'name-output':
      return 'Enter one as “Output with the anomaly map”.';
    case 'collect-garbage':
      return 'Remove unreferenced files in Settings > Storage.';
    case 'run-doctor':
      return 'Run Settings > Diagnostics.';
    case 'raise-max-pixels':
    case 'method-field':
    case 'show-preset':
      return undefined;
  }
}

/** Appends the hint's text to the message. */
export function withHint<Report extends ErrorReport>(report: Report): Report {
  const text = report.hint && hintText(report.hint);
  return text === undefined ? report : { ...report, message: `${report.message} ${text}`, hint: undefined };
}
