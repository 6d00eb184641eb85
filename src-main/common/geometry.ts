/** Width and height in pixels. */
export interface Size {
  width: number;
  height: number;
}

/** A position in an image, in pixels; `x` to the right, `y` down. */
export interface Point {
  x: number;
  y: number;
}

/** A rectangle that is cut from an image, in pixels after EXIF orientation. */
export interface Crop extends Size {
  left: number;
  top: number;
}
