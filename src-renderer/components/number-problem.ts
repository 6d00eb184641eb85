/** What a number has to be. */
export interface Limits {
  minimum: number;
  maximum: number;
  /** Whether it has to be above the minimum. */
  above?: boolean;
  whole?: boolean;
  odd?: boolean;
  /** Whether it may be left out. */
  optional?: boolean;
}

/** What is wrong with what was typed, as a sentence that says what is right; empty where nothing is. */
export function numberProblem(
  text: string,
  { minimum, maximum, above, whole, odd, optional }: Limits,
): string {
  const typed = text.trim();
  if (typed === '' && optional) return '';
  const number = Number(typed);
  const right =
    typed !== '' &&
    Number.isFinite(number) &&
    (above ? number > minimum : number >= minimum) &&
    number <= maximum &&
    (!(whole || odd) || Number.isInteger(number)) &&
    (!odd || number % 2 === 1);
  if (right) return '';
  const kind = odd ? 'An odd number' : whole ? 'A whole number' : 'A number';
  return `${kind} ${above ? `above ${minimum}, at most ${maximum}` : `from ${minimum} to ${maximum}`}${optional ? ', or nothing' : ''}.`;
}
