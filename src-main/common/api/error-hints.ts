import { z } from 'zod';

/**
 * What a person can do about an error or a finding, as data. Shared code names no option, command or control; each host words
 * the hint with its own (`hosts/cli/output/hint-text.ts`, `src-renderer/api/hint-text.ts`).
 */
export const errorHint = z.discriminatedUnion('kind', [
  /** The limit of pixels per image can be raised. */
  z.object({ kind: z.literal('raise-max-pixels') }),
  /** Images can be resized before extraction. */
  z.object({ kind: z.literal('resize-images') }),
  /** A field of the method is out of range. */
  z.object({ kind: z.literal('method-field'), field: z.string() }),
  /** A known backbone can be downloaded, or its file imported if there is no internet connection. */
  z.object({ kind: z.literal('get-model'), model: z.string(), file: z.string() }),
  /** The file of a known backbone can be downloaded elsewhere and imported. */
  z.object({ kind: z.literal('import-model-file'), model: z.string(), file: z.string() }),
  /** An imported model has to be removed and imported again; no name where only its file is known. */
  z.object({ kind: z.literal('reimport-model'), model: z.string().optional() }),
  /** The mean and standard deviation of an ONNX model are needed. */
  z.object({ kind: z.literal('give-normalization') }),
  /** The layer of an ONNX model that yields the features is needed. */
  z.object({ kind: z.literal('name-layer') }),
  /** A valid preset file can be seen. */
  z.object({ kind: z.literal('show-preset') }),
  /** Unreferenced files of the store can be removed. */
  z.object({ kind: z.literal('collect-garbage') }),
  /** The installation and the store can be checked. */
  z.object({ kind: z.literal('run-doctor') }),
]);
export type ErrorHint = z.infer<typeof errorHint>;
