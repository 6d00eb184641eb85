import type { ErrorHint } from '../../../common/api/error-hints.ts';
import { optionName } from '../options/option-name.ts';

/** A hint worded with the options and commands of the command line. */
export function hintText(hint: ErrorHint): string {
  switch (hint.kind) {
    case 'raise-max-pixels':
      return 'Set the limit with --max-pixels.';
    case 'resize-images':
      return 'Resize images with --resize.';
    case 'method-field':
      return `Set it with ${optionName(hint.field)}.`;
    case 'get-model':
      return (
        `Download it with \`perch models download ${hint.model}\`, or copy ${hint.file} from another machine and import it ` +
        `with \`perch models import ${hint.model} --from ${hint.file}\`.`
      );
    case 'import-model-file':
      return `Import it with \`perch models import ${hint.model} --from ${hint.file}\`.`;
    case 'reimport-model':
      return `Remove it with \`perch models remove ${hint.model ?? 'NAME'}\` and import it again.`;
    case 'import-network':
      return `Import it with \`perch models import ${hint.model} --from FILE.onnx --map\`.`;
    case 'give-normalization':
      return 'Set them with --mean and --std.';
    case 'give-size':
      return 'Set it with --size.';
    case 'name-output':
      return 'Choose one with --map-output.';
    case 'name-network':
      return 'Set the network with --network.';
    case 'import-tokens':
      return 'If these are the tokens of a transformer, import it with --tokens.';
    case 'give-tokens':
      return 'Set --leading, --grid, or both.';
    case 'name-layer':
      return 'Set the layer with --layer.';
    case 'show-preset':
      return 'Run `perch methods show default` for an example.';
    case 'collect-garbage':
      return 'Run `perch store gc` to remove unreferenced files.';
    case 'run-doctor':
      return 'Run `perch doctor`.';
  }
}

/** A message, followed by its hint in the command line's terms. */
export function withHint({ message, hint }: { message: string; hint?: ErrorHint | undefined }): string {
  return hint ? `${message} ${hintText(hint)}` : message;
}
