/** Keys of method definitions before schema version 6, and their current names. */
const RENAMED: Readonly<Record<string, string>> = { patch: 'patchSize', bank: 'coresetRatio' };

/** A method definition with the current keys. Any other value is returned unchanged. */
export function renameMethodKeys(definition: unknown): unknown {
  if (definition === null || typeof definition !== 'object' || Array.isArray(definition)) return definition;
  return Object.fromEntries(Object.entries(definition).map(([key, value]) => [RENAMED[key] ?? key, value]));
}
