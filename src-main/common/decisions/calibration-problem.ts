/** Why a rule yields no thresholds. */
export type CalibrationProblem =
  | { type: 'none-known'; label: 'good' | 'defective' }
  | { type: 'too-few-good'; good: number; rate: number; needed: number }
  | { type: 'manual' };

/** A problem in one or two sentences: what is missing, and how much. */
export function calibrationProblemText(problem: CalibrationProblem): string {
  switch (problem.type) {
    case 'none-known':
      return `No ${problem.label} image is available for calibration.`;
    case 'too-few-good': {
      const { good, rate, needed } = problem;
      const images = `${good} good image${good === 1 ? '' : 's'}`;
      return (
        `${images} cannot guarantee at most ${percentText(rate)} false rejects; ${needed} are needed. ` +
        `The lowest rate that ${images} can guarantee is ${percentText(1 / (good + 1))}.`
      );
    }
    case 'manual':
      return 'Thresholds that the user sets do not follow from a rule.';
  }
}

/** The guarantee as text: `at most 9.1 % false rejects, guaranteed by 10 good images`. */
export function guaranteeText(guaranteedFalseRejects: number, good: number): string {
  return (
    `at most ${percentText(guaranteedFalseRejects)} false rejects, ` +
    `guaranteed by ${good} good image${good === 1 ? '' : 's'}`
  );
}

/** A fraction of 1 as a percentage with at least two significant digits: `9.1 %`, `0.25 %`, `12.5 %`. */
export function percentText(fraction: number): string {
  const percent = fraction * 100;
  const decimals = percent === 0 || percent >= 1 ? 1 : Math.min(6, 1 - Math.floor(Math.log10(percent)));
  return `${Number(percent.toFixed(decimals))} %`;
}
