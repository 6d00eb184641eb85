import type { Problem } from '../../../common/api/datasets.ts';
import type { RollDirection } from '../../../common/api/rolls.ts';
import type { MaskRegion } from '../../../common/maps/mask-polygons.ts';
import type { EncodedMask, FrameMask, MaskShape } from '../data-types.ts';

/** Requests on masks. */
export interface MaskRequests {
  /** Converts a drawn mask, a mask file or masks of frames to the form in the store. */
  normalizeMask: {
    request: {
      mask:
        | { png: Uint8Array }
        | { path: string; maxPixels: number }
        /** Masks of frames of a roll, which are stacked. */
        | { frames: FrameMask[]; direction: RollDirection };
      /** Size of the image. The mask must have the same size. */
      width: number;
      height: number;
      /** Path of the image, so that a mask in sensor orientation can be rotated with it. */
      image?: string;
    };
    response: EncodedMask & {
      /** Problems found in a mask file. */
      problems: Problem[];
    };
  };
  /** Merges shapes into one mask. */
  composeMask: {
    request: { width: number; height: number; shapes: MaskShape[] };
    response: EncodedMask;
  };
  /** Finds the regions of a mask file in the store. */
  findMaskRegions: {
    request: { path: string };
    response: { width: number; height: number; regions: MaskRegion[] };
  };
}
