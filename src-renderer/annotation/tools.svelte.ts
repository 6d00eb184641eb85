import Brush from '@lucide/svelte/icons/brush';
import Eraser from '@lucide/svelte/icons/eraser';
import Flame from '@lucide/svelte/icons/flame';
import PaintBucket from '@lucide/svelte/icons/paint-bucket';
import Pentagon from '@lucide/svelte/icons/pentagon';
import Square from '@lucide/svelte/icons/square';
import WandSparkles from '@lucide/svelte/icons/wand-sparkles';

export type ToolName = 'brush' | 'eraser' | 'polygon' | 'rectangle' | 'fill' | 'wand' | 'region';

export interface Tool {
  name: ToolName;
  title: string;
  key: string;
  icon: typeof Brush;
  /** One-sentence instructions. */
  hint: string;
}

/** All tools in the order of the tool column. */
export const tools: readonly Tool[] = [
  { name: 'brush', title: 'Brush', key: 'b', icon: Brush, hint: 'Drag to draw. Hold Alt to erase.' },
  { name: 'eraser', title: 'Eraser', key: 'e', icon: Eraser, hint: 'Drag to erase.' },
  {
    name: 'polygon',
    title: 'Polygon',
    key: 'p',
    icon: Pentagon,
    hint: 'Click vertices or drag an outline. Enter or a click on the first vertex closes it, Backspace removes a vertex, Esc cancels.',
  },
  { name: 'rectangle', title: 'Rectangle', key: 'r', icon: Square, hint: 'Drag from corner to corner.' },
  {
    name: 'fill',
    title: 'Fill',
    key: 'k',
    icon: PaintBucket,
    hint: 'Click an enclosed area to fill it. Hold Alt to remove a region.',
  },
  {
    name: 'wand',
    title: 'Magic wand',
    key: 'w',
    icon: WandSparkles,
    hint: 'Click to add connected pixels of a similar color.',
  },
  {
    name: 'region',
    title: 'Heatmap region',
    key: 'm',
    icon: Flame,
    hint: 'Click to add the connected region above the threshold.',
  },
];

const MAX_DIAMETER = 1000;

/** The selected tool and the options of all tools, which persist when the image changes. */
export class Tools {
  name = $state<ToolName>('brush');
  /** Brush and eraser diameter in image pixels. */
  diameter = $state(16);
  /** Tolerance of the magic wand per channel, 0 to 255. */
  tolerance = $state(24);
  contiguous = $state(true);
  /** Radius of grow and shrink in image pixels. */
  radius = $state(2);
  /** Components with fewer pixels are specks. */
  speckArea = $state(16);

  readonly tool: Tool = $derived(tools.find(({ name }) => name === this.name) ?? tools[0]);
  readonly brushes: boolean = $derived(this.name === 'brush' || this.name === 'eraser');

  /**
   * Changes the brush diameter by 10 percent per step, at least by a pixel; or the magic wand's tolerance.
   */
  step(steps: number): void {
    if (this.name === 'wand') {
      this.tolerance = Math.min(255, Math.max(0, this.tolerance + 2 * steps));
      return;
    }
    const by = Math.sign(steps) * Math.max(1, Math.round(Math.abs(steps) * this.diameter * 0.1));
    this.diameter = Math.min(MAX_DIAMETER, Math.max(1, this.diameter + by));
  }
}
