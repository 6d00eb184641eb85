import type { Roll } from '../../common/api/rolls.ts';
import { portableName } from '../../files/portable-name.ts';

/** The name of a file about a roll: `strip-17 certificate.html`. */
export function exportName({ name }: Roll, ending: string): string {
  return portableName(`${name.replace(/[/\\]/g, '-').replace(/\.\w{1,5}$/, '')} ${ending}`);
}
