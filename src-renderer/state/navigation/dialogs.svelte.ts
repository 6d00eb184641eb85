import { createContext } from 'svelte';

/** Which dialogs of the frame are open. */
export class Dialogs {
  shortcutsOpen = $state(false);
  paletteOpen = $state(false);
}

export const [getDialogs, setDialogs] = createContext<Dialogs>();
