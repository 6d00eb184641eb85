import { createContext, onMount } from 'svelte';
import { EMPTY_FILTER } from '../images/image-filter.ts';
import { DEFAULT_ORDER } from '../images/image-order.ts';
import type { DatasetStore } from '../datasets/dataset-store.svelte.ts';
import type { MethodStore } from '../methods/method-store.svelte.ts';
import { formatRoute, isHistoryEntry, parseRoute, type Route } from './route.ts';
import type { ImageSelection } from '../images/image-selection.svelte.ts';
import { watch } from '../../reactivity/watch.svelte.ts';

/** Delay of address updates, because browsers limit their rate. */
const UPDATE_MS = 250;

/** Keeps the window's route in its address, so that reload, back and forward work. */
export class Router {
  /** Path of the open screen. */
  screen = $state('library');
  /** Id of the open review session. */
  session = $state<number>();
  /** Id of the station that its screen shows; undefined for the first one. */
  station = $state<number>();
  readonly route: Route = $derived.by(() => ({
    screen: this.screen,
    dataset: this.#datasets.selectedId,
    textureClass: this.#datasets.textureClass,
    method: this.#methods.selectedId,
    session: this.session,
    station: this.station,
    ...this.#images(),
  }));

  readonly #datasets: DatasetStore;
  readonly #selection: ImageSelection;
  readonly #methods: MethodStore;

  constructor(datasets: DatasetStore, selection: ImageSelection, methods: MethodStore) {
    this.#datasets = datasets;
    this.#selection = selection;
    this.#methods = methods;
  }

  /** In a blind review, ids, filter and order are omitted, because ids follow the order of the folders. */
  #images(): Pick<Route, 'image' | 'filter' | 'order'> {
    if (this.#datasets.blinding) return { filter: EMPTY_FILTER, order: DEFAULT_ORDER };
    const { image, requestedId, filter, order } = this.#selection;
    return { image: image?.id ?? requestedId, filter, order };
  }

  /** Navigates to the window's address, then updates the address with the route. Call it in a component. */
  sync(): void {
    this.navigate(parseRoute(location.hash));
    let written = this.route;
    let pending: ReturnType<typeof setTimeout> | undefined;
    watch(
      () => this.route,
      (route) => {
        const hash = formatRoute(route);
        clearTimeout(pending);
        if (hash !== location.hash && isHistoryEntry(written, route) && isComplete(written)) {
          // A pending update belongs to the previous entry.
          history.replaceState(null, '', formatRoute(written));
          history.pushState(null, '', hash);
        } else if (hash !== location.hash) {
          pending = setTimeout(() => history.replaceState(null, '', hash), UPDATE_MS);
        }
        written = route;
      },
    );
    onMount(() => {
      const onPopState = () => this.navigate(parseRoute(location.hash));
      addEventListener('popstate', onPopState);
      return () => removeEventListener('popstate', onPopState);
    });
  }

  /** Navigates to a route. Undefined parts do not change, except class, session and filter. */
  navigate(route: Route): void {
    if (route.screen) this.screen = route.screen;
    if (route.dataset !== undefined) this.#datasets.select(route.dataset, route.textureClass);
    // Ignores a method that was removed.
    const { stored } = this.#methods;
    if (route.method !== undefined && (stored.length === 0 || stored.some(({ id }) => id === route.method)))
      this.#methods.selectedId = route.method;
    if (route.image !== undefined) this.#selection.requestedId = route.image;
    this.session = route.session;
    if (route.station !== undefined) this.station = route.station;
    this.#selection.filter = route.filter;
    this.#selection.order = route.order;
  }
}

/** Whether the parts that are selected automatically at the start are set. */
function isComplete({ dataset, method }: Route): boolean {
  return dataset !== undefined && method !== undefined;
}

export const [getRouter, setRouter] = createContext<Router>();
