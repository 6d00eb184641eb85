import type { ScaleSource } from '../../../../src-main/common/api/scale.ts';
import type { Scale } from '../../../../src-main/common/scale.ts';
import { toErrorReport } from '../../../api/failures.ts';
import { getSelection } from '../../../state/images/image-selection.svelte.ts';
import { getNotices } from '../../../state/notices.svelte.ts';
import { imageScale } from '../../../state/scales/image-scale.svelte.ts';
import { getRolls } from '../../../state/rolls/roll-store.svelte.ts';
import { getScales } from '../../../state/scales/scale-store.svelte.ts';
import { getSignature } from '../../../state/settings/signature.svelte.ts';

/**
 * A function that saves the scale of the open image's class, or removes it (null), and shows why it cannot. A measured scale goes to
 * the roll if that has a scale of its own. Call this in a component.
 *
 * @returns whether the scale is saved
 */
export function scaleSaver(): (scale: Scale | null, source: ScaleSource) => Promise<boolean> {
  const image = imageScale();
  const notices = getNotices();
  const rolls = getRolls();
  const scales = getScales();
  const selection = getSelection();
  const signature = getSignature();
  return async (scale, source) => {
    const textureClass = selection.image?.textureClass;
    const author = await signature.author();
    if (author === undefined || textureClass === undefined) return false;
    try {
      const roll = source === 'measured' ? image.ownRoll : undefined;
      if (roll === undefined) await scales.save(textureClass, scale, { source, author });
      else await rolls.update(roll, { scale });
      return true;
    } catch (thrown) {
      notices.showError('Could not save the scale', toErrorReport(thrown));
      return false;
    }
  };
}
