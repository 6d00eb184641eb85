import { app } from './app.ts';
import { Strict } from './strict.ts';
import type { Rectangle } from './window-state.ts';

interface Point {
  x: number;
  y: number;
}

export interface Display {
  id: number;
  label: string;
  bounds: Rectangle;
  workArea: Rectangle;
  size: { width: number; height: number };
  workAreaSize: { width: number; height: number };
  scaleFactor: number;
  rotation: number;
  internal: boolean;
  touchSupport: string;
}

/** The properties of a display that a test sets: `{ id: 2, bounds: { x: 1920, y: 0, width: 2560, height: 1440 } }`. */
export type GivenDisplay = Pick<Display, 'id' | 'bounds'> & Partial<Display>;

const usual: GivenDisplay = { id: 1, bounds: { x: 0, y: 0, width: 1920, height: 1080 } };

function complete(given: GivenDisplay): Display {
  const { width, height } = given.bounds;
  const workArea = given.workArea ?? given.bounds;
  return {
    label: `Display ${given.id}`,
    workArea,
    size: { width, height },
    workAreaSize: { width: workArea.width, height: workArea.height },
    scaleFactor: 1,
    rotation: 0,
    internal: false,
    touchSupport: 'unknown',
    ...given,
  };
}

const distance = (place: Point, { x, y, width, height }: Rectangle) =>
  Math.hypot(
    Math.max(x - place.x, 0, place.x - (x + width - 1)),
    Math.max(y - place.y, 0, place.y - (y + height - 1)),
  );

const overlap = (a: Rectangle, b: Rectangle) =>
  Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) *
  Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y));

/** `screen`. `STAND_IN_DISPLAYS` (JSON) or a test sets the displays; the first one is primary. */
class Screen extends Strict {
  #displays: Display[] = (
    JSON.parse(process.env['STAND_IN_DISPLAYS'] ?? JSON.stringify([usual])) as GivenDisplay[]
  ).map(complete);

  getAllDisplays(): Display[] {
    if (!app.isReady()) throw new Error("The 'screen' module can't be used before the app 'ready' event");
    return [...this.#displays];
  }
  getPrimaryDisplay = () => this.getAllDisplays()[0];
  getCursorScreenPoint = () => ({ x: 0, y: 0 });
  getDisplayNearestPoint = (place: Point) =>
    this.getAllDisplays().toSorted((a, b) => distance(place, a.bounds) - distance(place, b.bounds))[0];
  getDisplayMatching(area: Rectangle): Display {
    const best = this.getAllDisplays().toSorted(
      (a, b) => overlap(area, b.bounds) - overlap(area, a.bounds),
    )[0];
    if (overlap(area, best.bounds) > 0) return best;
    return this.getDisplayNearestPoint({ x: area.x + area.width / 2, y: area.y + area.height / 2 });
  }

  /** Connects and disconnects displays. */
  set(given: GivenDisplay[]): void {
    const before = this.#displays;
    this.#displays = given.map(complete);
    for (const old of before)
      if (!this.#displays.some(({ id }) => id === old.id)) this.emit('display-removed', {}, old);
    for (const display of this.#displays) {
      const old = before.find(({ id }) => id === display.id);
      if (!old) this.emit('display-added', {}, display);
      else if (JSON.stringify(old) !== JSON.stringify(display))
        this.emit('display-metrics-changed', {}, display, ['bounds', 'workArea']);
    }
  }
}

export const screen = new Screen();
