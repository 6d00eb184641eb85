import { createContext } from 'svelte';
import type { Roll, RuleChoice } from '../../../src-main/common/api/rolls.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { isConnectionLost, toErrorReport } from '../../api/failures.ts';
import type { Notices } from '../notices.svelte.ts';

export type RollDetails = Omit<Parameters<Client['rolls']['update']>[0], 'image'>;

/** The rolls of the dataset, and the rules that can grade them. */
export class RollStore {
  all = $state.raw<readonly Roll[]>([]);
  rules = $state.raw<readonly RuleChoice[]>([]);
  /** Whether the dataset's rolls have loaded. */
  loaded = $state(false);
  /** Incremented when a roll, an assessment, a recipe or a threshold may have changed. */
  version = $state(0);
  readonly byImage: ReadonlyMap<number, Roll> = $derived(new Map(this.all.map((roll) => [roll.image, roll])));

  readonly #client: Pick<Client, 'rolls'>;
  readonly #notices: Notices;
  #dataset: number | undefined;
  /** Number of the latest request. */
  #requests = 0;

  constructor(client: Pick<Client, 'rolls'>, notices: Notices) {
    this.#client = client;
    this.#notices = notices;
  }

  /** Loads a dataset's rolls. Opening the same dataset again reloads them; the old ones remain until then. */
  async open(dataset: number | undefined): Promise<void> {
    if (dataset !== this.#dataset) {
      this.all = [];
      this.loaded = false;
    }
    this.#dataset = dataset;
    const request = ++this.#requests;
    if (dataset === undefined) return;
    try {
      const [{ rolls }, { rules }] = await Promise.all([
        this.#client.rolls.list({ dataset }),
        this.#client.rolls.rules(),
      ]);
      if (request !== this.#requests) return;
      this.all = rolls;
      this.rules = rules;
      this.loaded = true;
    } catch (thrown) {
      if (request === this.#requests && !isConnectionLost(thrown))
        this.#notices.showError('Could not load the rolls', toErrorReport(thrown));
    }
  }

  /** Loads the rules again, of which another window may have added or removed one. */
  async loadRules(): Promise<void> {
    try {
      this.rules = (await this.#client.rolls.rules()).rules;
      this.version++;
    } catch (thrown) {
      if (!isConnectionLost(thrown))
        this.#notices.showError('Could not load the grading rules', toErrorReport(thrown));
    }
  }

  /** Adds the rule of a file, or replaces an added one of the same name. @throws errors from the call, with all problems of the rule */
  async addRule(file: string, json: string): Promise<RuleChoice> {
    const added = await this.#client.rolls.addRule({ file, json });
    await this.loadRules();
    return added;
  }

  /** Removes an added rule. @throws errors from the call */
  async removeRule(name: string): Promise<void> {
    await this.#client.rolls.removeRule({ name });
    await this.loadRules();
  }

  /** Changes what is known of a roll. @throws errors from the call */
  async update(image: number, details: RollDetails): Promise<void> {
    const updated = await this.#client.rolls.update({ image, ...details });
    this.#requests++;
    this.all = this.all.map((roll) => (roll.image === image ? updated : roll));
    this.version++;
  }

  /** Declares an image a roll. @throws errors from the call */
  async declare(image: number): Promise<void> {
    for await (const event of await this.#client.rolls.import({ source: { image } }))
      if (event.type === 'imported') this.#put(event.roll);
  }

  #put(roll: Roll): void {
    this.#requests++;
    if (roll.dataset !== this.#dataset) return;
    this.all = [...this.all.filter(({ image }) => image !== roll.image), roll];
  }
}

export const [getRolls, setRolls] = createContext<RollStore>();
