import { createContext } from 'svelte';
import type { InspectionRegion, RegionShape } from '../../../src-main/common/api/regions.ts';
import { canonicalJson } from '../../../src-main/common/canonical-json.ts';
import type { Point, Size } from '../../../src-main/common/geometry.ts';
import { isWholeImage } from '../../../src-main/common/maps/inspection-region.ts';
import type { RegionStore } from './region-store.svelte.ts';
import { moveShape, resizeShape } from './region-shapes.ts';

export type ShapeRole = 'include' | 'exclude';
export type RegionTool = 'select' | 'rectangle' | 'polygon';

/** A shape of the edited region. */
export interface ShapeKey {
  role: ShapeRole;
  index: number;
}

export const WHOLE_IMAGE: InspectionRegion = { include: [], exclude: [], border: 0 };

/** Edits the inspection region of a class. Nothing is saved before `save`. Drafts of other classes are kept. */
export class RegionEditor {
  /** Whether the tool is open. It edits the region of the open image's class. */
  isOpen = $state(false);
  /** The edited class; undefined until an image is shown. */
  textureClass = $state<string>();
  /** Size of the open image. */
  image = $state.raw<Size>({ width: 1, height: 1 });
  tool = $state<RegionTool>('rectangle');
  /** The role of new shapes. */
  role = $state<ShapeRole>('include');
  selected = $state.raw<ShapeKey>();
  /** The vertices of the unfinished shape. */
  points = $state.raw<readonly Point[]>([]);
  readonly region: InspectionRegion = $derived.by(() => this.draftOf(this.textureClass) ?? this.#saved);
  readonly shape: RegionShape | undefined = $derived.by(
    () => this.selected && this.region[this.selected.role][this.selected.index],
  );
  readonly changed: boolean = $derived.by(() => canonicalJson(this.region) !== canonicalJson(this.#saved));
  /** All shapes, the included ones first. */
  readonly keys: readonly ShapeKey[] = $derived.by(() =>
    (['include', 'exclude'] as const).flatMap((role) =>
      this.region[role].map((_, index) => ({ role, index })),
    ),
  );

  readonly #regions: RegionStore;
  #drafts = $state.raw<ReadonlyMap<string, InspectionRegion>>(new Map());
  #past = $state.raw<readonly InspectionRegion[]>([]);
  #future = $state.raw<readonly InspectionRegion[]>([]);
  /** The last change. Repeated changes of the same kind are undone together. */
  #lastChange: string | undefined;
  readonly #saved: InspectionRegion = $derived.by(() => this.#regions.of(this.textureClass) ?? WHOLE_IMAGE);
  readonly canUndo: boolean = $derived(this.#past.length > 0);
  readonly canRedo: boolean = $derived(this.#future.length > 0);

  constructor(regions: RegionStore) {
    this.#regions = regions;
  }

  open(): void {
    this.isOpen = true;
  }

  /** Closes the tool. Unsaved changes are kept as a draft. */
  close(): void {
    this.isOpen = false;
    this.cancelShape();
    this.selected = undefined;
  }

  /** Edits the region of an image's class. */
  follow(textureClass: string, image: Size): void {
    this.image = image;
    if (textureClass === this.textureClass) return;
    this.textureClass = textureClass;
    this.#forget();
  }

  /** Drops the drafts when another dataset opens. */
  reset(): void {
    this.#drafts = new Map();
    this.textureClass = undefined;
    this.close();
    this.#forget();
  }

  /** A class's unsaved region. */
  draftOf(textureClass: string | undefined): InspectionRegion | undefined {
    return textureClass === undefined ? undefined : this.#drafts.get(textureClass);
  }

  /** The region to draw for a class: the draft while the tool is open, otherwise the saved one. */
  shown(textureClass: string | undefined): InspectionRegion | undefined {
    const region = (this.isOpen && this.draftOf(textureClass)) || this.#regions.of(textureClass);
    return region && !isWholeImage(region) ? region : undefined;
  }

  add(shape: RegionShape | undefined): void {
    this.cancelShape();
    if (!shape) return;
    const { role, region } = this;
    this.#change({ ...region, [role]: [...region[role], shape] });
    this.selected = { role, index: region[role].length };
  }

  /**
   * Replaces the selected shape.
   *
   * @param gesture the kind of change; repeated changes of one gesture are undone together
   */
  replace(shape: RegionShape, gesture?: string): void {
    const { selected, region } = this;
    if (!selected) return;
    const { role, index } = selected;
    this.#change(
      { ...region, [role]: region[role].with(index, shape) },
      gesture && `${gesture} ${role} ${index}`,
    );
  }

  /** Ends a gesture, so that the next change is undone separately. */
  endGesture(): void {
    this.#lastChange = undefined;
  }

  moveBy(by: Point): void {
    if (this.shape) this.replace(moveShape(this.shape, by, this.image), 'move');
  }

  resizeBy(by: Point): void {
    if (this.shape) this.replace(resizeShape(this.shape, by, this.image), 'resize');
  }

  remove(key: ShapeKey | undefined = this.selected): void {
    if (!key) return;
    const { region } = this;
    this.#change({ ...region, [key.role]: region[key.role].toSpliced(key.index, 1) });
    this.selected = undefined;
  }

  /** Sets the role of the selected shape, or of the next one. */
  setRole(role: ShapeRole): void {
    this.role = role;
    const { shape, selected, region } = this;
    if (!shape || !selected || selected.role === role) return;
    const others = region[selected.role].toSpliced(selected.index, 1);
    this.#change({ ...region, [selected.role]: others, [role]: [...region[role], shape] });
    this.selected = { role, index: region[role].length };
  }

  setBorder(border: number): void {
    if (border !== this.region.border) this.#change({ ...this.region, border }, 'border');
  }

  /** Replaces the whole region, for example with a proposal. */
  set(region: InspectionRegion): void {
    this.#change(region);
    this.selected = undefined;
  }

  /** Selects the next or previous shape, wrapping around. */
  step(steps: number): void {
    const { keys, selected } = this;
    if (keys.length === 0) return;
    const at = keys.findIndex(({ role, index }) => role === selected?.role && index === selected.index);
    const from = at < 0 && steps < 0 ? 0 : at;
    this.selected = keys[(from + steps + keys.length) % keys.length];
  }

  cancelShape(): void {
    this.points = [];
  }

  undo(): void {
    const before = this.#past.at(-1);
    if (!before) return;
    this.#future = [...this.#future, this.region];
    this.#past = this.#past.slice(0, -1);
    this.#restore(before);
  }

  redo(): void {
    const after = this.#future.at(-1);
    if (!after) return;
    this.#past = [...this.#past, this.region];
    this.#future = this.#future.slice(0, -1);
    this.#restore(after);
  }

  /** Drops the unsaved changes. */
  discard(): void {
    this.#put(undefined);
    this.#forget();
  }

  /** Saves the class's region. @throws errors from the call; the changes are kept */
  async save(author: string): Promise<void> {
    const { textureClass, region } = this;
    if (textureClass === undefined) return;
    await this.#regions.save(textureClass, isWholeImage(region) ? null : region, author);
    // The region may have changed during the call.
    if (this.textureClass === textureClass && this.region === region) this.discard();
  }

  #change(region: InspectionRegion, change?: string): void {
    if (change === undefined || change !== this.#lastChange) this.#past = [...this.#past, this.region];
    this.#lastChange = change;
    this.#future = [];
    this.#put(region);
  }

  #restore(region: InspectionRegion): void {
    this.#lastChange = undefined;
    this.selected = undefined;
    this.#put(region);
  }

  #put(region: InspectionRegion | undefined): void {
    const { textureClass } = this;
    if (textureClass === undefined) return;
    const drafts = new Map(this.#drafts);
    if (region && canonicalJson(region) !== canonicalJson(this.#saved)) drafts.set(textureClass, region);
    else drafts.delete(textureClass);
    this.#drafts = drafts;
  }

  #forget(): void {
    this.#past = [];
    this.#future = [];
    this.#lastChange = undefined;
    this.selected = undefined;
    this.cancelShape();
  }
}

export const [getRegionEditor, setRegionEditor] = createContext<RegionEditor>();
