import type { EditGroup } from '../mask/history.ts';
import { brushCenter, capsule, polygon, rectangle, rectangleBetween } from '../mask/shapes.ts';
import type { Point } from '../viewer/viewport.ts';
import type { MaskEditor } from './mask-editor.svelte.ts';
import type { Tools } from './tools.svelte.ts';

/** A gesture of the pointer or the keyboard, from press to release. A polygon takes several. */
export class DrawGesture {
  /** The corners of the unfinished polygon or rectangle, in image pixels. */
  corners = $state.raw<readonly Point[]>([]);
  /** Whether the pointer, or the pen of the keyboard, is down. */
  down = $state(false);
  readonly #tools: Tools;
  readonly #editor: () => MaskEditor | undefined;
  readonly #pick: (place: Point, erases: boolean) => void;
  #erases = false;
  #stroke: { group: EditGroup; at: Point; diameter: number } | undefined;

  /** @param pick applies a tool that needs a single point: fill, magic wand, region */
  constructor(
    tools: Tools,
    editor: () => MaskEditor | undefined,
    pick: (place: Point, erases: boolean) => void,
  ) {
    this.#tools = tools;
    this.#editor = editor;
    this.#pick = pick;
  }

  /** Whether there is an unfinished polygon or rectangle. */
  get unfinished(): boolean {
    return this.corners.length > 0;
  }

  /** @param erases the tool marks pixels as normal instead of anomalous */
  press(place: Point, erases: boolean): void {
    const editor = this.#editor();
    if (!editor || this.down) return;
    const { name, brushes } = this.#tools;
    this.#erases = erases || name === 'eraser';
    if (!this.#inside(place, editor) && !brushes && name !== 'polygon') return;
    if (brushes) this.#beginStroke(place, editor);
    else if (name === 'polygon') this.corners = [...this.corners, place];
    else if (name === 'rectangle') this.corners = [place, place];
    else this.#pick(place, erases);
    this.down = brushes || name === 'polygon' || name === 'rectangle';
  }

  /** @param freehand whether a polygon gets a corner at each point; otherwise a drag adds none */
  move(places: readonly Point[], freehand = true): void {
    const last = places.at(-1);
    if (!this.down || !last) return;
    if (this.#stroke) for (const place of places) this.#extendStroke(place);
    else if (this.#tools.name === 'rectangle') this.corners = [this.corners[0], last];
    else if (freehand) this.corners = [...this.corners, ...places];
  }

  release(): void {
    this.down = false;
    this.#stroke = undefined;
    if (this.#tools.name === 'rectangle' && this.corners.length === 2) this.#drawRectangle();
  }

  /** Closes and draws the polygon. Discards one with fewer than three corners. */
  close(): void {
    const editor = this.#editor();
    const { corners } = this;
    this.cancel();
    if (!editor || corners.length < 3) return;
    editor.write(polygon(editor.mask, corners), !this.#erases, { title: 'Polygon' });
  }

  removeLastCorner(): void {
    this.corners = this.corners.slice(0, -1);
  }

  /** Cancels the gesture. Pixels that a brush has drawn remain. */
  cancel(): void {
    this.corners = [];
    this.down = false;
    this.#stroke = undefined;
  }

  #inside({ x, y }: Point, { mask }: MaskEditor): boolean {
    return x >= 0 && y >= 0 && x < mask.width && y < mask.height;
  }

  #beginStroke(place: Point, editor: MaskEditor): void {
    const { diameter } = this.#tools;
    const at = brushCenter(place, diameter);
    this.#stroke = { group: { title: this.#erases ? 'Eraser' : 'Brush' }, at, diameter };
    editor.write(capsule(editor.mask, at, at, diameter / 2), !this.#erases, this.#stroke.group);
  }

  #extendStroke(place: Point): void {
    const editor = this.#editor();
    const stroke = this.#stroke;
    if (!editor || !stroke) return;
    const to = brushCenter(place, stroke.diameter);
    if (to.x === stroke.at.x && to.y === stroke.at.y) return;
    const runs = capsule(editor.mask, stroke.at, to, stroke.diameter / 2);
    stroke.at = to;
    editor.write(runs, !this.#erases, stroke.group);
  }

  #drawRectangle(): void {
    const editor = this.#editor();
    const [from, to] = this.corners;
    this.corners = [];
    if (!editor) return;
    const runs = rectangle(editor.mask, rectangleBetween(from, to));
    editor.write(runs, !this.#erases, { title: 'Rectangle' });
  }
}
