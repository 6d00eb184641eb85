/** What a reader of one format has decoded: interleaved samples, each over the whole range of its type. */
export interface Samples {
  /** `height` x `width` x `channels`; 0 is black, 255 or 65535 white. */
  data: Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;
  width: number;
  height: number;
  /** Gray, gray and alpha, RGB, or RGB and alpha. */
  channels: 1 | 2 | 3 | 4;
}

/** Why a file cannot be read, as the end of a sentence; whoever knows the name of the file makes a `PerchError` of it. */
export class Unreadable extends Error {}

/** Refuses a size before anything is allocated for it. Throws where the image has too many pixels or none. */
export type CheckSize = (width: number, height: number) => void;
