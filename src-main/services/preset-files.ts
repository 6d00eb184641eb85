import { PerchError } from '../api/errors.ts';
import type { AnyMethod } from '../api/schemas.ts';
import { readInputFile } from '../files/read.ts';
import { writeFileAtomic } from '../files/write.ts';
import { type Preset, presetFile, schemaMeant } from '../methods/presets/preset.ts';
import { presetNamed } from '../methods/presets/presets.ts';

/**
 * A preset of Perch by its name, or a user's own by its file, which ends in .json.
 *
 * @throws PerchError `UNKNOWN_NAME`, `INVALID_PRESET`, and what reading a file throws
 */
export async function presetOf(nameOrFile: string): Promise<Preset> {
  return nameOrFile.toLowerCase().endsWith('.json') ? readPreset(nameOrFile) : presetNamed(nameOrFile);
}

async function readPreset(path: string): Promise<Preset> {
  const text = (await readInputFile(path)).toString('utf8');
  const refuse = (reasons: string, cause?: unknown) =>
    new PerchError(
      'INVALID_PRESET',
      `${path} is not a preset: ${reasons}. perch methods show default prints one.`,
      cause,
    );
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (cause) {
    throw refuse(cause instanceof Error ? cause.message : String(cause), cause);
  }
  const meant = schemaMeant((given as { method?: unknown } | null)?.method);
  const parsed = presetFile.extend({ method: meant }).safeParse(given);
  if (parsed.success) return { name: path, title: parsed.data.title, method: parsed.data.method };
  const reasons = parsed.error.issues.map(
    ({ path: at, message }) => `${at.join('.') || 'the file'}: ${message}`,
  );
  throw refuse(reasons.join('; '), parsed.error);
}

/** Writes a method as a preset file that `presetOf` reads. @throws PerchError `NOT_WRITABLE`, `DISK_FULL` */
export async function writePreset(path: string, preset: { title: string; method: AnyMethod }): Promise<void> {
  await writeFileAtomic(path, Buffer.from(presetText(preset)));
}

/** A preset as the text of its file. */
export function presetText({ title, method }: { title: string; method: AnyMethod }): string {
  return `${JSON.stringify({ title, method }, null, 2)}\n`;
}
