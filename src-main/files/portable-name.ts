/** Names that Windows reserves for devices, with any extension: CON, nul.png. */
const DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?=\.|$)/i;

/** Characters that Windows forbids in names, and a trailing dot or space, which it removes. */
const FORBIDDEN = /[<>:"|?*]|[. ]$/g;

/**
 * Converts a file or folder name to one that is valid on every platform. Forbidden characters are percent-encoded (`a:b.png` becomes
 * `a%3Ab.png`), and names of devices get an underscore (`_nul.png`). Valid names do not change.
 */
export function portableName(name: string): string {
  return name.replace(FORBIDDEN, escaped).replace(DEVICE, '_$1');
}

function escaped(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
