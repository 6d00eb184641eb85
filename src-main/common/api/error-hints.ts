import { z } from 'zod';

/**
 * What the user can do about an error or a finding, as data. Shared code names no option, command or control.
 * Each host words the hint in its own terms (`hosts/cli/output/hint-text.ts`,
 * `src-renderer/api/hint-text.ts`).
 */
export const errorHint = z.discriminatedUnion('kind', [
  /** The user can raise the limit of pixels per image. */
  z.object({ kind: z.literal('raise-max-pixels') }),
  /** The user can resize images before extraction. */
  z.object({ kind: z.literal('resize-images') }),
  /** A field of the method is out of range. */
  z.object({ kind: z.literal('method-field'), field: z.string() }),
  /** The user can download a known backbone, or import its file if there is no internet connection. */
  z.object({ kind: z.literal('get-model'), model: z.string(), file: z.string() }),
  /** The user can download a known backbone's file elsewhere and import it. */
  z.object({ kind: z.literal('import-model-file'), model: z.string(), file: z.string() }),
  /**
   * The user must remove an imported model and import it again. There is no name if only its file is known.
   */
  z.object({ kind: z.literal('reimport-model'), model: z.string().optional() }),
  /** The user must import the network, an ONNX file. */
  z.object({ kind: z.literal('import-network'), model: z.string() }),
  /** The import needs the mean and standard deviation of an ONNX model's input. */
  z.object({ kind: z.literal('give-normalization') }),
  /** The import needs the size of images that a network takes. */
  z.object({ kind: z.literal('give-size') }),
  /** The import needs the name of a network's output. */
  z.object({ kind: z.literal('name-output') }),
  /** The import needs the architecture of a checkpoint's network. */
  z.object({ kind: z.literal('name-network') }),
  /** The model returns tokens; the import must say so. */
  z.object({ kind: z.literal('import-tokens') }),
  /** The import needs the grid of patches and the number of tokens before them. */
  z.object({ kind: z.literal('give-tokens') }),
  /** The import needs the layer of an ONNX model that yields the features. */
  z.object({ kind: z.literal('name-layer') }),
  /** Perch can show a valid preset file. */
  z.object({ kind: z.literal('show-preset') }),
  /** The user can remove unreferenced files from the store. */
  z.object({ kind: z.literal('collect-garbage') }),
  /** The user can check the installation and the store. */
  z.object({ kind: z.literal('run-doctor') }),
]);
export type ErrorHint = z.infer<typeof errorHint>;
