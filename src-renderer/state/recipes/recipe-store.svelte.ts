import { createContext } from 'svelte';
import type { Recipe, RecipeDefinition, RecipeRevision } from '../../../src-main/common/api/recipes.ts';
import { PerchError } from '../../../src-main/common/api/errors.ts';
import type { AnyMethod } from '../../../src-main/common/api/schemas.ts';
import { downloadFile } from '../../api/download.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { toErrorReport, isConnectionLost } from '../../api/failures.ts';
import type { Notices } from '../notices.svelte.ts';
import type { Signature } from '../settings/signature.svelte.ts';

/** A class of a dataset. */
export interface ClassKey {
  dataset: number;
  textureClass: string;
}

export interface NewRecipe {
  name: string;
  dataset: number;
  classes: string[];
  method?: AnyMethod;
  reason: string;
}

/** The recipes of the store. */
export class RecipeStore {
  all = $state.raw<readonly Recipe[]>([]);
  /** Whether the list has loaded. */
  loaded = $state(false);
  /** Incremented when recipes or image labels may have changed. */
  version = $state(0);
  readonly byId: ReadonlyMap<number, Recipe> = $derived(
    new Map(this.all.map((recipe) => [recipe.id, recipe])),
  );
  readonly #byClass: ReadonlyMap<string, Recipe> = $derived(
    new Map(this.all.flatMap((recipe) => recipe.uses.map((use) => [keyOf(use), recipe]))),
  );

  readonly #client: Client;
  readonly #notices: Notices;
  readonly #signature: Pick<Signature, 'author'>;
  /** Incremented by each request and change; the response to an earlier request is outdated. */
  #changes = 0;

  constructor(client: Client, notices: Notices, signature: Pick<Signature, 'author'>) {
    this.#client = client;
    this.#notices = notices;
    this.#signature = signature;
  }

  /** The recipe that decides a class. */
  ofClass(dataset: number | undefined, textureClass: string | undefined): Recipe | undefined {
    if (dataset === undefined || textureClass === undefined) return undefined;
    return this.#byClass.get(keyOf({ dataset, textureClass }));
  }

  async load(): Promise<void> {
    const changes = ++this.#changes;
    try {
      const { recipes } = await this.#client.recipes.list();
      if (changes !== this.#changes) return;
      this.all = recipes;
      this.version++;
      this.loaded = true;
    } catch (thrown) {
      if (!isConnectionLost(thrown)) this.#notices.showError('Could not load recipes', toErrorReport(thrown));
    }
  }

  /** All revisions of a recipe, newest first. @throws errors from the call */
  async revisions(recipe: number): Promise<readonly RecipeRevision[]> {
    const { revisions } = await this.#client.recipes.get({ recipe });
    return revisions.toSorted((a, b) => b.revision - a.revision);
  }

  // The methods below throw the errors of their calls. A dialog shows them.

  async create(recipe: NewRecipe): Promise<Recipe> {
    const created = await this.#client.recipes.create({ ...recipe, author: await this.#author() });
    await this.load();
    return created;
  }

  /** Adds a revision to `base`, the latest one. */
  async revise(
    recipe: number,
    base: number,
    definition: Partial<RecipeDefinition>,
    reason: string,
  ): Promise<Recipe> {
    const author = await this.#author();
    return this.put(await this.#client.recipes.revise({ recipe, base, definition, reason, author }));
  }

  /** Derives thresholds by a rule and adds a revision with them. */
  async calibrate(
    request: Omit<Parameters<Client['recipes']['calibrate']>[0], 'author'>,
    onProgress: (progress: { done: number; total: number }) => void,
  ): Promise<void> {
    const author = await this.#author();
    for await (const event of await this.#client.recipes.calibrate({ ...request, author }))
      if (event.type === 'calibrated') this.put(event.recipe);
      else onProgress(event);
  }

  async rename(recipe: number, name: string): Promise<void> {
    this.put(await this.#client.recipes.rename({ recipe, name }));
  }

  async lock(recipe: number): Promise<void> {
    this.put(await this.#client.recipes.lock({ recipe, author: await this.#author() }));
  }

  async unlock(recipe: number, reason: string): Promise<void> {
    this.put(await this.#client.recipes.unlock({ recipe, reason, author: await this.#author() }));
  }

  /** Makes a recipe, or none (null), decide a class. */
  async assign({ dataset, textureClass }: ClassKey, recipe: number | null): Promise<void> {
    await this.#client.recipes.assign({ dataset, textureClass, recipe });
    await this.load();
  }

  async remove(recipe: number): Promise<void> {
    await this.#client.recipes.remove({ recipe });
    await this.load();
  }

  /** Downloads a recipe as a file. */
  async export(recipe: number): Promise<void> {
    downloadFile(await this.#client.recipes.export({ recipe }));
  }

  async import(file: File): Promise<Recipe> {
    const recipe = await this.#client.recipes.import({ content: await file.text(), fileName: file.name });
    return this.put(recipe);
  }

  /** Adds or replaces a recipe. */
  put(recipe: Recipe): Recipe {
    this.#changes++;
    this.all = this.byId.has(recipe.id)
      ? this.all.map((known) => (known.id === recipe.id ? recipe : known))
      : [...this.all, recipe];
    return recipe;
  }

  /** @throws PerchError `CANCELED` if the operator enters no name */
  async #author(): Promise<string> {
    const author = await this.#signature.author();
    if (author === undefined)
      throw new PerchError(
        'CANCELED',
        "A change to a recipe needs its author's name. Enter a name and try again.",
      );
    return author;
  }
}

function keyOf({ dataset, textureClass }: ClassKey): string {
  return `${dataset} ${textureClass}`;
}

export const [getRecipes, setRecipes] = createContext<RecipeStore>();
