/** Names that Windows takes for devices, whatever their ending: CON, nul.png. */
const DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?=\.|$)/i;

/** What Windows allows in no name, and the dot or space that it takes off at the end. */
const FORBIDDEN = /[<>:"|?*]|[. ]$/g;

/**
 * A name of a file or folder that every platform takes as it is; one that is such already stays the same. The character that
 * cannot be is written as in an address (`a:b.png` becomes `a%3Ab.png`), the name of a device gets an underscore (`_nul.png`).
 */
export function portableName(name: string): string {
  return name.replace(FORBIDDEN, escaped).replace(DEVICE, '_$1');
}

function escaped(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
