/** Fields whose option is named differently. */
const RENAMED: Record<string, string> = {
  sigmaP: 'patch-sigma',
  sigmaS: 'smoothing-sigma',
};

/** The option that sets a field of a method or a parameter of a statistic: `--patch-size`. */
export function optionName(field: string): string {
  return `--${RENAMED[field] ?? field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
