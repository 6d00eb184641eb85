import type { EditGroup } from '../mask/history.ts';
import { brushCenter, capsule, polygon, rectangle, rectangleBetween } from '../mask/shapes.ts';
import type { Point } from '../viewer/viewport.ts';
import type { MaskEditor } from './mask-editor.svelte.ts';
import type { Tools } from './tools.svelte.ts';

/** A gesture of the pointer or the keyboard, from press to release. A polygon takes several. */
export class DrawGesture {
  /** The vertices of the unfinished polygon or rectangle, in image pixels. */
  corners = $state.raw<readonly Point[]>([]);
  /** Whether the pointer, or the keyboard's pen, is down. */
  down = $state(false);
  readonly #tools: Tools;
  readonly #editor: () => MaskEditor | undefined;
  readonly #pick: (point: Point, erases: boolean) => void;
  #erases = false;
  #stroke: { group: EditGroup; at: Point; diameter: number } | undefined;

  /** @param pick applies a tool that needs a single point: fill, magic wand, region */
  constructor(
    tools: Tools,
    editor: () => MaskEditor | undefined,
    pick: (point: Point, erases: boolean) => void,
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
  press(point: Point, erases: boolean): void {
    const editor = this.#editor();
    if (!editor || this.down) return;
    const { name, brushes } = this.#tools;
    this.#erases = erases || name === 'eraser';
    if (!this.#inside(point, editor) && !brushes && name !== 'polygon') return;
    if (brushes) this.#beginStroke(point, editor);
    else if (name === 'polygon') this.corners = [...this.corners, point];
    else if (name === 'rectangle') this.corners = [point, point];
    else this.#pick(point, erases);
    this.down = brushes || name === 'polygon' || name === 'rectangle';
  }

  /** @param freehand whether each point adds a vertex to a polygon; otherwise a drag adds none */
  move(points: readonly Point[], freehand = true): void {
    const last = points.at(-1);
    if (!this.down || !last) return;
    if (this.#stroke) for (const point of points) this.#extendStroke(point);
    else if (this.#tools.name === 'rectangle') this.corners = [this.corners[0], last];
    else if (freehand) this.corners = [...this.corners, ...points];
  }

  release(): void {
    this.down = false;
    this.#stroke = undefined;
    if (this.#tools.name === 'rectangle' && this.corners.length === 2) this.#drawRectangle();
  }

  /** Closes and draws the polygon. Discards a polygon with fewer than three vertices. */
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

  /** Cancels the gesture. Pixels drawn with a brush remain. */
  cancel(): void {
    this.corners = [];
    this.down = false;
    this.#stroke = undefined;
  }

  #inside({ x, y }: Point, { mask }: MaskEditor): boolean {
    return x >= 0 && y >= 0 && x < mask.width && y < mask.height;
  }

  #beginStroke(point: Point, editor: MaskEditor): void {
    const { diameter } = this.#tools;
    const at = brushCenter(point, diameter);
    this.#stroke = { group: { title: this.#erases ? 'Eraser' : 'Brush' }, at, diameter };
    editor.write(capsule(editor.mask, at, at, diameter / 2), !this.#erases, this.#stroke.group);
  }

  #extendStroke(point: Point): void {
    const editor = this.#editor();
    const stroke = this.#stroke;
    if (!editor || !stroke) return;
    const to = brushCenter(point, stroke.diameter);
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
