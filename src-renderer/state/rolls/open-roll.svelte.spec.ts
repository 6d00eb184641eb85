import { describe, expect, it, vi } from 'vitest';
import { PerchError } from '../../../src-main/common/api/errors.ts';
import type { RollDefect } from '../../../src-main/common/api/rolls.ts';
import { Notices } from '../notices.svelte.ts';
import { anImage } from '../test/images.ts';
import { aDefect, anAssessment, aRoll, rollDefects } from '../test/rolls.ts';
import { OpenRoll, type OpenRollDeps } from './open-roll.svelte.ts';
import { RollStore } from './roll-store.svelte.ts';

const ruleNamed = (name: string) => ({ name, title: name, description: '', added: null });

type Client = ConstructorParameters<typeof OpenRoll>[0];

const places = [100, 900, 5000];
const [first, second, third] = places.map((along) => aDefect({ along }));

function setup({
  defects = [first, second, third],
  author = async (): Promise<string | undefined> => 'Ada',
  autoAdvance = true,
}: Partial<{ defects: RollDefect[]; author: () => Promise<string | undefined>; autoAdvance: boolean }> = {}) {
  const calls = {
    list: vi.fn(async () => ({ rolls: [aRoll(), aRoll({ image: 2, lot: '4712' })] })),
    rules: vi.fn(async () => ({ rules: [ruleNamed('four-point'), ruleNamed('ours')] })),
    defects: vi.fn(async ({ image }: { image: number }) => rollDefects(defects, { roll: aRoll({ image }) })),
    assess: vi.fn(async ({ verdict, kind = '', points }: Parameters<Client['rolls']['assess']>[0]) => {
      return anAssessment({ verdict: verdict ?? null, kind, points: points ?? null });
    }),
  };
  const client = { rolls: calls } as unknown as Client;
  const notices = new Notices();
  const rolls = new RollStore(client, notices);
  const selection = $state({ image: anImage({ id: 1 }) });
  const settings = $state({
    values: { operator: 'Ada', theme: 'dark', provider: 'auto', autoAdvance, gradingRule: 'four-point' },
    async update(part: object) {
      settings.values = { ...settings.values, ...part };
    },
  });
  const deps = {
    methods: { selectedId: 1 },
    notices,
    rolls,
    selection,
    settings,
    signature: { author },
  } as unknown as OpenRollDeps;
  return { calls, notices, rolls, selection, open: new OpenRoll(client, deps) };
}

async function opened(options: Parameters<typeof setup>[0] = {}) {
  const made = setup(options);
  await made.rolls.open(1);
  await made.open.load();
  return made;
}

describe('the open roll', () => {
  it('is the open image, if that is a roll', async () => {
    const { open, rolls, selection, calls } = setup();
    await open.load();
    expect(open.roll).toBeUndefined();
    expect(calls.defects).not.toHaveBeenCalled();
    await rolls.open(1);
    expect(open.roll?.lot).toBe('4711');
    selection.image = anImage({ id: 3 });
    expect(open.roll).toBeUndefined();
  });

  it('loads its defects by the selected method and rule', async () => {
    const { open, calls } = await opened();
    expect(calls.defects).toHaveBeenLastCalledWith({ image: 1, method: 1, rule: 'four-point' });
    expect(open.defects).toHaveLength(3);
    open.chooseRule('ours');
    await open.load();
    expect(calls.defects).toHaveBeenLastCalledWith({ image: 1, method: 1, rule: 'ours' });
  });

  it('is graded by the default rule after the chosen one was removed', async () => {
    const { open, rolls, calls } = await opened();
    open.chooseRule('ours');
    expect(open.rule).toBe('ours');
    calls.rules.mockResolvedValue({ rules: [ruleNamed('four-point')] });
    await rolls.loadRules();
    expect(open.rule).toBe('four-point');
  });

  it('forgets defects, selection and filter of another roll, but not of the same one', async () => {
    const { open, selection } = await opened();
    open.select(second.id);
    open.filter = { counted: true };
    await open.load();
    expect([open.selected?.id, open.filter.counted]).toEqual([second.id, true]);
    selection.image = anImage({ id: 2 });
    const loading = open.load();
    expect([open.found, open.selectedId, open.filter]).toEqual([undefined, undefined, {}]);
    await loading;
    expect(open.found?.roll.image).toBe(2);
  });

  it('says why there are no defects', async () => {
    const { open, calls } = await opened();
    calls.defects.mockRejectedValueOnce(new PerchError('NOT_FOUND', 'The roll was not inspected.'));
    await open.load();
    expect(open.failure?.code).toBe('NOT_FOUND');
    expect([open.found, open.loading]).toEqual([undefined, false]);
  });

  it('ignores a response to an outdated request', async () => {
    const { open, calls } = await opened();
    const slow = Promise.withResolvers<Awaited<ReturnType<typeof calls.defects>>>();
    calls.defects.mockReturnValueOnce(slow.promise);
    const outdated = open.load();
    await open.load();
    slow.resolve(rollDefects([]));
    await outdated;
    expect(open.defects).toHaveLength(3);
  });

  it('steps through the list in its order, up to the ends', async () => {
    const { open } = await opened();
    const path = [1, 1, 5, -1, -9].map((steps) => {
      open.step(steps);
      return open.selectedId;
    });
    expect(path).toEqual([first.id, second.id, third.id, second.id, first.id]);
    open.order = { by: 'along', descending: true };
    open.step(-1);
    expect(open.selectedId).toBe(second.id);
  });

  it('moves the map to the selected defect, and zooms between it and the whole roll', async () => {
    const { open } = await opened();
    expect(open.shown).toEqual({ from: 0, to: 40_000 });
    open.select(third.id);
    open.toggleZoom();
    expect(open.shown).toEqual({ from: 4000, to: 6000 });
    open.select(first.id);
    expect(open.shown).toEqual({ from: 0, to: 2000 });
    open.toggleZoom();
    expect(open.shown).toEqual({ from: 0, to: 40_000 });
  });

  it('sorts by the highest points first, and the other way around the second time', async () => {
    const { open } = setup();
    open.sortBy('points');
    expect(open.order).toEqual({ by: 'points', descending: true });
    open.sortBy('points');
    expect(open.order.descending).toBe(false);
    open.sortBy('along');
    expect(open.order).toEqual({ by: 'along', descending: false });
  });
});

describe('an assessment', () => {
  it('is shown at once, saved under the name of the operator, and grades the roll again', async () => {
    const { open, calls } = await opened();
    open.select(first.id);
    const graded = calls.defects.mock.calls.length;
    const answer = Promise.withResolvers<ReturnType<typeof anAssessment>>();
    calls.assess.mockReturnValueOnce(answer.promise);
    const saved = open.assess(first.id, { points: 2, reason: 'Two yarns' });
    await vi.waitFor(() => expect(open.selected?.assessment?.points).toBe(2));
    answer.resolve(anAssessment({ points: 2 }));
    expect(await saved).toBe(true);
    expect(calls.assess).toHaveBeenCalledWith({
      image: 1,
      defect: first.id,
      operator: 'Ada',
      points: 2,
      reason: 'Two yarns',
    });
    expect(calls.defects).toHaveBeenCalledTimes(graded + 1);
  });

  it('continues with the next defect without a verdict, unless settings say otherwise', async () => {
    const reviewed = { ...second, assessment: anAssessment({ verdict: 'reject' }) };
    const { open } = await opened({ defects: [first, reviewed, third] });
    open.select(first.id);
    await open.setVerdict('accept');
    expect(open.selectedId).toBe(third.id);
    const still = (await opened({ autoAdvance: false })).open;
    still.select(first.id);
    await still.setVerdict('accept');
    expect(still.selectedId).toBe(first.id);
  });

  it('needs the name of an operator', async () => {
    const { open, calls } = await opened({ author: async () => undefined });
    expect(await open.assess(first.id, { verdict: 'reject' })).toBe(false);
    expect(calls.assess).not.toHaveBeenCalled();
  });

  it('that the host refuses is reverted and reported', async () => {
    const { open, calls, notices } = await opened();
    calls.assess.mockRejectedValueOnce(new PerchError('NOT_FOUND', 'There is no such roll.'));
    open.select(first.id);
    await open.setVerdict('reject');
    expect(notices.all.map(({ title }) => title)).toEqual(['Could not save the verdict. Try again.']);
    expect(open.defects[0].assessment).toBeNull();
  });

  it('counts in the progress once it has a verdict', async () => {
    const corrected = { ...first, assessment: anAssessment({ points: 3 }) };
    const reviewed = { ...second, assessment: anAssessment({ verdict: 'unsure' }) };
    const { open } = await opened({ defects: [corrected, reviewed, third] });
    expect(open.assessed).toBe(1);
  });
});
