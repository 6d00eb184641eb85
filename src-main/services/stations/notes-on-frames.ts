import { posix } from 'node:path';
import type { PieceFrame, StationRoll } from '../../common/api/station-frames.ts';
import type { Piece, PieceRegion } from '../../common/api/station.ts';
import { compareFrameNames, missingFrames } from '../../files/frames.ts';

/** A region this near to the end of its frame may continue on the next one: two positions of a map with stride 8. */
const BORDER_PIXELS = 16;

type Frame = Pick<Piece, 'file' | 'decision' | 'state' | 'regions' | 'regionsTotal'> & { frame: PieceFrame };

/** What a person should know about the frames of a roll, one sentence each. */
export function notesOnFrames(
  frames: readonly Frame[],
  { direction, scale, widthPixels }: Pick<StationRoll, 'direction' | 'scale' | 'widthPixels'>,
): string[] {
  const names = frames.map(({ file }) => posix.basename(file));
  const late = frames.find((_, at) => at > 0 && compareFrameNames(names[at - 1], names[at]) > 0);
  const unread = frames.filter(({ frame }) => frame.assumed);
  const undecided = frames.filter(({ decision, state }) => state === 'decided' && decision === null);
  const cut = frames.filter(({ regions, regionsTotal }) => regions.length < regionsTotal);
  const first = frames.at(0)?.frame.number ?? 1;
  return [
    ...(scale ? [] : ['The class has no scale (millimeters per pixel), so the roll has no grade.']),
    ...(unread.length > 0
      ? [
          `${counted(unread)} could not be read: ${unread.length === 1 ? 'it has' : 'they have'} the length of the frame before.`,
        ]
      : []),
    ...(undecided.length > 0
      ? [
          `${counted(undecided)} ${undecided.length === 1 ? 'has' : 'have'} no decision and no defects, because the recipe is not calibrated.`,
        ]
      : []),
    ...(cut.length > 0
      ? [
          `${counted(cut)} ${cut.length === 1 ? 'has' : 'have'} more regions than are kept, which are not listed.`,
        ]
      : []),
    ...(first > 1 ? [`The first ${first - 1} frames were pruned, and so were their defects.`] : []),
    ...(late
      ? [
          `${late.file} arrived after a frame that follows it by name. Places along the roll are in order of arrival.`,
        ]
      : []),
    ...missingFrames(names.toSorted(compareFrameNames)),
    ...(frames.some(({ frame }) => frame.width !== widthPixels) ? ['The frames have different widths.'] : []),
    ...continuedNote(frames, direction),
  ];
}

/** How many regions reach the end of their frame where one of the next frame begins. */
function continuedNote(frames: readonly Frame[], direction: StationRoll['direction']): string[] {
  const spans = frames.map(({ regions }) => regions.map(({ box }) => spanOf(box, direction)));
  const count = frames.slice(1).flatMap(({ frame }, at) => {
    const { number, length } = frames[at].frame;
    if (frame.number !== number + 1) return [];
    const ends = spans[at].filter(({ to }) => to >= length - BORDER_PIXELS);
    const starts = spans[at + 1].filter(({ from }) => from <= BORDER_PIXELS);
    return ends.filter((end) => starts.some(({ left, right }) => left < end.right && right > end.left));
  }).length;
  if (count === 0) return [];
  const which = count === 1 ? '1 defect continues' : `${count} defects continue`;
  return [`${which} on the next frame and ${count === 1 ? 'is' : 'are'} listed on each.`];
}

function spanOf({ left, top, width, height }: PieceRegion['box'], direction: StationRoll['direction']) {
  return direction === 'down'
    ? { from: top, to: top + height, left, right: left + width }
    : { from: left, to: left + width, left: top, right: top + height };
}

function counted(frames: readonly Frame[]): string {
  return frames.length === 1 ? `Frame ${frames[0].frame.number}` : `${frames.length} frames`;
}
