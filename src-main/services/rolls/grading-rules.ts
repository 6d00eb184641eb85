import { basename } from 'node:path';
import { z } from 'zod';
import { PerchError } from '../../common/api/errors.ts';
import { type GradingRule, gradingRule } from '../../common/api/grading.ts';
import type { RollDefects, RuleChoice } from '../../common/api/rolls.ts';
import { checkRule, readRule } from '../../common/grading/read-rule.ts';
import { shippedRules } from '../../common/grading/shipped-rules.ts';
import type { Store } from '../../store/store.ts';

/** Name of the setting that contains the added rules. */
const SETTING = 'gradingRules';

const addedRule = z.object({ rule: gradingRule, file: z.string(), at: z.string() });
type AddedRule = z.infer<typeof addedRule>;

/** The rules that rolls can be graded by: those that Perch comes with, and those that were added from files. */
export class GradingRules {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  list(): RuleChoice[] {
    const shipped = shippedRules.map((rule) => choiceOf(rule, null));
    return [...shipped, ...this.#added().map(({ rule, file, at }) => choiceOf(rule, { file, at }))];
  }

  /**
   * Finds a rule by its name, or checks a given one.
   *
   * @throws PerchError `UNKNOWN_NAME`, `INVALID_RULE`
   */
  find(wish: string | GradingRule): { rule: GradingRule; used: RollDefects['rule'] } {
    if (typeof wish !== 'string') {
      const rule = checkRule(wish, wish.name);
      return { rule, used: { ...choiceOf(rule, null), source: 'given' } };
    }
    const shipped = shippedRules.find(({ name }) => name === wish);
    if (shipped) return { rule: shipped, used: { ...choiceOf(shipped, null), source: 'shipped' } };
    const added = this.#added().find(({ rule }) => rule.name === wish);
    if (!added) throw this.#unknown(wish);
    const { rule, file, at } = added;
    return { rule, used: { ...choiceOf(rule, { file, at }), source: 'added' } };
  }

  /** @throws PerchError `INVALID_RULE`; `CONFLICT` if Perch comes with a rule of this name */
  add(file: string, json: string): RuleChoice {
    const rule = readRule(json, file);
    if (shippedRules.some(({ name }) => name === rule.name))
      throw new PerchError(
        'CONFLICT',
        `${file} has the name of the rule "${rule.name}", which Perch comes with. Change the "name" in the file.`,
      );
    const added = { rule, file: basename(file), at: new Date().toISOString() };
    const others = this.#added().filter(({ rule: { name } }) => name !== rule.name);
    this.#set([...others, added]);
    return choiceOf(rule, { file: added.file, at: added.at });
  }

  /** @throws PerchError `UNKNOWN_NAME` if no rule of this name was added */
  remove(name: string): void {
    const added = this.#added();
    const left = added.filter(({ rule }) => rule.name !== name);
    if (left.length < added.length) return this.#set(left);
    if (shippedRules.some((rule) => rule.name === name))
      throw new PerchError('UNKNOWN_NAME', `"${name}" comes with Perch and cannot be removed.`);
    throw this.#unknown(name);
  }

  /** Rules that a later version wrote and this one does not support are left out. */
  #added(): AddedRule[] {
    const stored = z.array(z.unknown()).safeParse(this.#store.settings.all()[SETTING]).data ?? [];
    return stored.flatMap((entry) => addedRule.safeParse(entry).data ?? []);
  }

  #set(rules: readonly AddedRule[]): void {
    const sorted = rules.toSorted((a, b) => (a.rule.name < b.rule.name ? -1 : 1));
    this.#store.settings.set({ [SETTING]: sorted });
  }

  #unknown(name: string): PerchError {
    const names = this.list().map((rule) => rule.name);
    return new PerchError(
      'UNKNOWN_NAME',
      `There is no grading rule "${name}". The rules are ${names.join(', ')}.`,
    );
  }
}

function choiceOf({ name, title, description }: GradingRule, added: RuleChoice['added']): RuleChoice {
  return { name, title, description, added };
}
