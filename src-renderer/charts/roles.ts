/** The colors of the present theme, for what is drawn on a canvas: by role, as styles/roles.css has them. */
export function roleColor(role: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(role).trim();
}
