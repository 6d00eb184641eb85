import { createContext } from 'svelte';
import type { Point, Size } from '../../viewer/viewport.ts';

/** A line of the ruler, in image pixels; pixel (0, 0) spans 0..1. */
export interface RulerLine {
  from: Point;
  to: Point;
}

/** The ruler of the viewer: a line over the image whose length is measured. */
export class Ruler {
  isOpen = $state(false);
  line = $state.raw<RulerLine>();
  /** The end that the arrow keys move. */
  end = $state<keyof RulerLine>('to');
  /** The first point, until the keyboard places it. */
  cursor = $state.raw<Point>();
  #image: number | undefined;

  open(): void {
    this.isOpen = true;
  }

  close(): void {
    this.isOpen = false;
    this.clear();
  }

  clear(): void {
    this.line = undefined;
    this.cursor = undefined;
  }

  /** Clears the line when another image opens. */
  follow(image: number | undefined): void {
    if (image !== this.#image) this.clear();
    this.#image = image;
  }

  /** Starts a line whose other end follows the pointer or the arrow keys. */
  start(at: Point): void {
    this.cursor = undefined;
    this.line = { from: at, to: at };
    this.end = 'to';
  }

  /** Moves the current end, inside the image. @param straight keeps the line horizontal or vertical */
  moveTo(at: Point, image: Size, straight = false): void {
    if (!this.line) return;
    const fixed = this.line[this.end === 'to' ? 'from' : 'to'];
    const inside = { x: clamp(at.x, image.width), y: clamp(at.y, image.height) };
    const isFlat = Math.abs(inside.x - fixed.x) >= Math.abs(inside.y - fixed.y);
    const kept = isFlat ? { x: inside.x, y: fixed.y } : { x: fixed.x, y: inside.y };
    this.line = { ...this.line, [this.end]: straight ? kept : inside };
  }

  /** Moves what the arrow keys move. @returns whether there is something to move */
  moveBy({ x, y }: Point, image: Size): boolean {
    const at = this.position;
    if (!at) return false;
    const moved = { x: clamp(at.x + x, image.width), y: clamp(at.y + y, image.height) };
    if (this.cursor) this.cursor = moved;
    else this.moveTo(moved, image);
    return true;
  }

  /** The point that the arrow keys move. */
  get position(): Point | undefined {
    return this.cursor ?? this.line?.[this.end];
  }
}

const clamp = (value: number, most: number) => Math.min(Math.max(value, 0), most);

export const [getRuler, setRuler] = createContext<Ruler>();
