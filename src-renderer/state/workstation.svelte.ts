import { createContext } from 'svelte';
import type { Status } from '../../src-main/api/schemas.ts';
import { bridge } from '../api/bridge.ts';
import { Connection } from '../api/connection.svelte.ts';
import { failureOf } from '../api/failures.ts';
import { Bitmaps } from '../pixels/bitmaps.ts';
import { Maps } from '../pixels/maps.ts';
import { stepped } from '../scores/scale.ts';
import { idsOf } from './ids.ts';
import { Inspector } from './inspector.svelte.ts';
import { Library } from './library.svelte.ts';
import { Notices } from './notices.svelte.ts';
import { Opener } from './opener.svelte.ts';
import type { ShownImage } from './shown-image.svelte.ts';
import { Viewing } from './viewing.svelte.ts';

/** Everything a window knows; screens are views of it. */
export class Workstation {
  readonly notices = new Notices();
  readonly library = new Library();
  readonly viewing = new Viewing();
  readonly bitmaps = new Bitmaps();
  readonly maps = new Maps();
  readonly connection = new Connection(() => void this.#onOpen());
  readonly inspector = new Inspector(this.connection.client, this.library, this.maps, this.notices);
  readonly opener = new Opener(this.connection.client, this.library, this.notices, () => {
    void this.inspector.inspect();
  });
  status = $state.raw<Status>();
  /** Screen that is shown, by its path in the navigation table. */
  screen = $state('inspect');
  shortcutsShown = $state(false);
  openMenuShown = $state(false);
  /** What is drawn of the image that is looked at; there while a screen shows one. */
  shown = $state.raw<ShownImage>();
  readonly #warned: string[] = [];

  /** Connects, and stays so. */
  start(): void {
    void this.connection.keep();
    bridge?.onCommand((command) => void this.opener.choose(command === 'open-files' ? 'files' : 'folder'));
  }

  /** Moves the threshold of the class that is looked at by hundredths of its scale. */
  stepThreshold(steps: number): void {
    const textureClass = this.library.selectedClass;
    if (textureClass?.threshold === undefined) return;
    textureClass.chosen = stepped(textureClass.threshold, steps, textureClass.scale);
  }

  async #onOpen(): Promise<void> {
    try {
      void this.#watchStatus();
      await this.inspector.loadChoices();
      const { images } = await this.connection.client.library.list();
      this.library.keepOnly(idsOf(images));
      this.library.add(images);
      await this.inspector.inspect();
    } catch (thrown) {
      this.notices.problem('Perch did not start as it should', failureOf(thrown));
    }
  }

  /** Told once: what a person has dismissed does not come back with every change of state. */
  #warn(warning: string): void {
    if (this.#warned.includes(warning)) return;
    this.#warned.push(warning);
    this.notices.tell('problem', warning);
  }

  /** Ends with the line it runs over; a new one starts it anew. */
  async #watchStatus(): Promise<void> {
    try {
      for await (const status of await this.connection.client.system.watch()) {
        this.status = status;
        for (const warning of status.warnings) this.#warn(warning);
      }
    } catch (thrown) {
      console.warn('The state of the host is no longer told:', thrown);
    }
  }
}

export const [getWorkstation, setWorkstation] = createContext<Workstation>();
