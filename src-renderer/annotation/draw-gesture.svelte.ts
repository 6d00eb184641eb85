import type { EditGroup } from '../mask/history.ts';
import { brushCenter, capsule, polygon, rectangle, rectangleBetween } from '../mask/shapes.ts';
import type { Point } from '../viewer/viewport.ts';
import type { MaskEditor } from './mask-editor.svelte.ts';
import type { Tools } from './tools.svelte.ts';

/** Something that is being drawn, from pressing down to letting go; a polygon over several of them. */
export class DrawGesture {
  /** The corners of the polygon, or two of the rectangle, that are set so far; in image pixels. */
  corners = $state.raw<readonly Point[]>([]);
  /** Whether the pointer is pressed down, or the keyboard's pen is. */
  down = $state(false);
  readonly #tools: Tools;
  readonly #editor: () => MaskEditor | undefined;
  readonly #pick: (place: Point, takesAway: boolean) => void;
  #takesAway = false;
  #stroke: { group: EditGroup; at: Point; diameter: number } | undefined;

  /** @param pick applies a tool that needs a single point: fill, magic wand, region */
  constructor(
    tools: Tools,
    editor: () => MaskEditor | undefined,
    pick: (place: Point, takesAway: boolean) => void,
  ) {
    this.#tools = tools;
    this.#editor = editor;
    this.#pick = pick;
  }

  /** Whether something is begun that is not in the mask yet. */
  get open(): boolean {
    return this.corners.length > 0;
  }

  /** @param takesAway the tool makes pixels normal instead of anomalous */
  press(place: Point, takesAway: boolean): void {
    const editor = this.#editor();
    if (!editor || this.down) return;
    const { name, brushes } = this.#tools;
    this.#takesAway = takesAway || name === 'eraser';
    if (!this.#inside(place, editor) && !brushes && name !== 'polygon') return;
    if (brushes) this.#beginStroke(place, editor);
    else if (name === 'polygon') this.corners = [...this.corners, place];
    else if (name === 'rectangle') this.corners = [place, place];
    else this.#pick(place, takesAway);
    this.down = brushes || name === 'polygon' || name === 'rectangle';
  }

  /** @param freehand a polygon follows the way; else only its last corner moves */
  move(places: readonly Point[], freehand = true): void {
    const last = places.at(-1);
    if (!this.down || !last) return;
    if (this.#stroke) for (const place of places) this.#goOn(place);
    else if (this.#tools.name === 'rectangle') this.corners = [this.corners[0], last];
    else if (freehand) this.corners = [...this.corners, ...places];
  }

  release(): void {
    this.down = false;
    this.#stroke = undefined;
    if (this.#tools.name === 'rectangle' && this.corners.length === 2) this.#drawRectangle();
  }

  /** Closes the polygon and draws it; with less than three corners nothing comes of it. */
  close(): void {
    const editor = this.#editor();
    const { corners } = this;
    this.cancel();
    if (!editor || corners.length < 3) return;
    editor.write(polygon(editor.mask, corners), !this.#takesAway, { title: 'Polygon' });
  }

  /** Takes the last corner of the polygon back. */
  removeLastCorner(): void {
    this.corners = this.corners.slice(0, -1);
  }

  /** Gives up what is begun. What a brush has drawn stays. */
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
    this.#stroke = { group: { title: this.#takesAway ? 'Eraser' : 'Brush' }, at, diameter };
    editor.write(capsule(editor.mask, at, at, diameter / 2), !this.#takesAway, this.#stroke.group);
  }

  #goOn(place: Point): void {
    const editor = this.#editor();
    const stroke = this.#stroke;
    if (!editor || !stroke) return;
    const to = brushCenter(place, stroke.diameter);
    if (to.x === stroke.at.x && to.y === stroke.at.y) return;
    const runs = capsule(editor.mask, stroke.at, to, stroke.diameter / 2);
    stroke.at = to;
    editor.write(runs, !this.#takesAway, stroke.group);
  }

  #drawRectangle(): void {
    const editor = this.#editor();
    const [from, to] = this.corners;
    this.corners = [];
    if (!editor) return;
    const runs = rectangle(editor.mask, rectangleBetween(from, to));
    editor.write(runs, !this.#takesAway, { title: 'Rectangle' });
  }
}
