import { createContext, onMount } from 'svelte';
import type { DatasetStore } from '../datasets/dataset-store.svelte.ts';
import type { MethodStore } from '../methods/method-store.svelte.ts';
import { formatRoute, isHistoryEntry, parseRoute, type Route } from './route.ts';
import type { ImageSelection } from '../images/image-selection.svelte.ts';
import { watch } from '../../reactivity/watch.svelte.ts';

/** Browsers refuse an address that changes at every key press. */
const SETTLED = 250;

/** The place in the window's address, so that a view can be returned to and back and forward work. */
export class Router {
  /** Screen that is shown, by its path in the navigation table. */
  screen = $state('library');
  /** The review session that is open. */
  session = $state<number>();
  readonly route: Route = $derived.by(() => ({
    screen: this.screen,
    dataset: this.#datasets.selectedId,
    textureClass: this.#datasets.textureClass,
    method: this.#methods.selectedId,
    image: this.#selection.image?.id ?? this.#selection.requestedId,
    session: this.session,
    filter: this.#selection.filter,
    order: this.#selection.order,
  }));

  readonly #datasets: DatasetStore;
  readonly #selection: ImageSelection;
  readonly #methods: MethodStore;

  constructor(datasets: DatasetStore, selection: ImageSelection, methods: MethodStore) {
    this.#datasets = datasets;
    this.#selection = selection;
    this.#methods = methods;
  }

  /** Goes where the window's address says, and keeps the address where the person is. To be called in a component. */
  sync(): void {
    this.navigate(parseRoute(location.hash));
    let written = this.route;
    let settling: ReturnType<typeof setTimeout> | undefined;
    watch(
      () => this.route,
      (place) => {
        const hash = formatRoute(place);
        clearTimeout(settling);
        if (hash !== location.hash && isHistoryEntry(written, place) && isWhole(written)) {
          // What has not settled yet belongs to the place that is left.
          history.replaceState(null, '', formatRoute(written));
          history.pushState(null, '', hash);
        } else if (hash !== location.hash) {
          settling = setTimeout(() => history.replaceState(null, '', hash), SETTLED);
        }
        written = place;
      },
    );
    onMount(() => {
      const follow = () => this.navigate(parseRoute(location.hash));
      addEventListener('popstate', follow);
      return () => removeEventListener('popstate', follow);
    });
  }

  /** Goes to a place. What it leaves open stays as it is, but for the class, the session and the filter. */
  navigate(place: Route): void {
    if (place.screen) this.screen = place.screen;
    if (place.dataset !== undefined) this.#datasets.select(place.dataset, place.textureClass);
    // A method that was removed would leave the screens without one.
    const { stored } = this.#methods;
    if (place.method !== undefined && (stored.length === 0 || stored.some(({ id }) => id === place.method)))
      this.#methods.selectedId = place.method;
    if (place.image !== undefined) this.#selection.requestedId = place.image;
    this.session = place.session;
    this.#selection.filter = place.filter;
    this.#selection.order = place.order;
  }
}

/** Whether everything that fills itself in at the start has done so. */
function isWhole({ dataset, method }: Route): boolean {
  return dataset !== undefined && method !== undefined;
}

export const [getRouter, setRouter] = createContext<Router>();
