/** A token's color (styles/tokens.css) in the current theme, for drawing on a canvas. */
export function themeColor(token: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(token).trim();
}
