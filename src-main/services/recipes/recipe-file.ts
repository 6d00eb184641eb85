import { createHash } from 'node:crypto';
import { PerchError } from '../../common/api/errors.ts';
import type { ExportedFile } from '../../common/api/evaluation.ts';
import { type Recipe, type RecipeFile, type RecipeRevision, recipeFile } from '../../common/api/recipes.ts';
import { canonicalJson } from '../../common/canonical-json.ts';
import { portableName } from '../../files/portable-name.ts';
import { definitionSha256 } from './check-definition.ts';

/** The newest version of recipe files. */
const VERSION = 1;

/** A recipe with all its revisions as a file. */
export function writeRecipeFile(
  { name, locked }: Pick<Recipe, 'name' | 'locked'>,
  revisions: readonly RecipeRevision[],
): ExportedFile {
  const content = {
    format: 'perch-recipe',
    version: VERSION,
    name,
    locked,
    revisions: revisions.map(({ revision, author, at, reason, changes, definition, sha256 }) => ({
      revision,
      author,
      at,
      reason,
      changes,
      definition: JSON.parse(canonicalJson(definition)) as unknown,
      sha256,
    })),
  };
  const text = JSON.stringify({ ...content, sha256: sha256Of(content) }, null, 2);
  return {
    name: `${portableName(name.replace(/[/\\]/g, '-'))}.json`,
    mediaType: 'application/json',
    content: `${text}\n`,
  };
}

/**
 * Reads a recipe file, which must be complete and unchanged since its export.
 *
 * @throws PerchError `INVALID_RECIPE`
 */
export function readRecipeFile(text: string, fileName: string): RecipeFile {
  const refuse = (reason: string, cause?: unknown) =>
    new PerchError('INVALID_RECIPE', `${fileName} ${reason}`, cause);
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw refuse(`is not a recipe: ${cause instanceof Error ? cause.message : String(cause)}.`, cause);
  }
  const { format, version } = (content ?? {}) as { format?: unknown; version?: unknown };
  if (format !== 'perch-recipe')
    throw refuse('is not a recipe: it has no "format": "perch-recipe". Choose a file that Perch exported.');
  if (typeof version === 'number' && version > VERSION)
    throw refuse(
      `was exported by a newer Perch (format version ${version}; this version reads ${VERSION}). Update Perch.`,
    );
  const parsed = recipeFile.safeParse(content);
  if (!parsed.success) {
    const reasons = parsed.error.issues
      .slice(0, 3)
      .map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`);
    throw refuse(`is not a valid recipe: ${reasons.join('; ')}. Export it again.`, parsed.error);
  }
  const problem = inconsistency(parsed.data, content);
  if (problem !== undefined) throw refuse(`${problem} Export it again.`);
  return parsed.data;
}

/** Why a file differs from the exported one, as a sentence without subject. */
function inconsistency(file: RecipeFile, content: unknown): string | undefined {
  const { sha256, ...rest } = content as RecipeFile;
  if (sha256Of(rest) !== sha256)
    return `was changed after the export: its SHA-256 is ${sha256Of(rest)}, but it states ${sha256}.`;
  // The schema of methods ignores unknown fields.
  if (canonicalJson(file) !== canonicalJson(content)) return 'has unknown fields.';
  for (const [at, { revision, definition, sha256: stated }] of file.revisions.entries()) {
    if (revision !== at + 1) return `has revision ${revision} in place of revision ${at + 1}.`;
    if (definitionSha256(definition) !== stated)
      return `has a revision ${revision} that does not match its SHA-256.`;
  }
  return undefined;
}

function sha256Of(content: unknown): string {
  return createHash('sha256').update(canonicalJson(content)).digest('hex');
}
