import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Client } from '../../api/connection.svelte.ts';
import { Notices } from '../notices.svelte.ts';
import { aRecipe } from '../test/recipes.ts';
import { RecipeStore } from './recipe-store.svelte.ts';

describe('RecipeStore', () => {
  const list = vi.fn();
  const revise = vi.fn();
  const assign = vi.fn(async () => {});
  let author: string | undefined;
  let recipes: RecipeStore;

  beforeEach(() => {
    author = 'Ada';
    list.mockReset().mockResolvedValue({ recipes: [aRecipe({ id: 3 })] });
    const client = { recipes: { list, revise, assign } } as unknown as Client;
    recipes = new RecipeStore(client, new Notices(), { author: async () => author });
  });

  it('finds the recipe that decides a class of a dataset', async () => {
    await recipes.load();
    expect(recipes.ofClass(1, 'linen')?.id).toBe(3);
    expect(recipes.ofClass(2, 'linen')).toBeUndefined();
    expect(recipes.ofClass(1, 'felt')).toBeUndefined();
    expect(recipes.ofClass(undefined, 'linen')).toBeUndefined();
  });

  it('saves a revision as the operator and replaces the recipe', async () => {
    await recipes.load();
    revise.mockResolvedValue(aRecipe({ id: 3, revision: 2 }));
    await recipes.revise(3, 1, { mmPerPixel: 0.1 }, 'Measured');
    expect(revise).toHaveBeenCalledWith({
      recipe: 3,
      base: 1,
      definition: { mmPerPixel: 0.1 },
      reason: 'Measured',
      author: 'Ada',
    });
    expect(recipes.byId.get(3)?.latest.revision).toBe(2);
  });

  it("changes nothing without an author's name", async () => {
    author = undefined;
    revise.mockClear();
    await expect(recipes.revise(3, 1, {}, '')).rejects.toThrow("author's name");
    expect(revise).not.toHaveBeenCalled();
  });

  it('ignores a list that was requested before a change', async () => {
    await recipes.load();
    const old = Promise.withResolvers<{ recipes: ReturnType<typeof aRecipe>[] }>();
    list.mockReturnValueOnce(old.promise);
    const loading = recipes.load();
    recipes.put(aRecipe({ id: 3, revision: 2 }));
    old.resolve({ recipes: [aRecipe({ id: 3, revision: 1 })] });
    await loading;
    expect(recipes.byId.get(3)?.latest.revision).toBe(2);
  });

  it('loads again after a class was assigned', async () => {
    await recipes.load();
    list.mockResolvedValue({ recipes: [aRecipe({ id: 3, uses: [] })] });
    await recipes.assign({ dataset: 1, textureClass: 'linen' }, null);
    expect(recipes.ofClass(1, 'linen')).toBeUndefined();
  });
});
