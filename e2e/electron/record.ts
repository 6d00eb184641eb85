/** One use of something that leaves the application (a dialog, the file manager, a notification), or a step of its start. */
export interface Call {
  /** `dialog.showMessageBox` */
  name: string;
  args: unknown[];
  /** When it happened, in milliseconds since 1970. */
  at: number;
}

interface Waiting {
  name: string;
  take(answer: unknown): void;
}

/** What a test sees and answers. Dialogs stay open until they are answered, as before a person. */
export class Record {
  readonly calls: Call[] = [];
  readonly #answers: { name: string; answer: unknown }[] = [];
  readonly #waiting: Waiting[] = [];

  note(name: string, ...args: unknown[]): void {
    this.calls.push({ name, args, at: Date.now() });
  }

  /** Answers the dialog that is open, or the next one, of this name: `answer('dialog.showMessageBox', { response: 1 })`. */
  answer(name: string, answer: unknown): void {
    const at = this.#waiting.findIndex((each) => each.name === name);
    if (at < 0) this.#answers.push({ name, answer });
    else this.#waiting.splice(at, 1)[0].take(answer);
  }

  /** @returns what the test answers, whenever it does */
  async ask(name: string, ...args: unknown[]): Promise<unknown> {
    this.note(name, ...args);
    const ready = this.#answers.findIndex((each) => each.name === name);
    if (ready >= 0) return this.#answers.splice(ready, 1)[0].answer;
    console.error(`[stand-in] ${name} is open: ${JSON.stringify(args)}`);
    return await new Promise((take) => this.#waiting.push({ name, take }));
  }

  /** @throws where no answer was prepared: nobody could give one while this blocks */
  askNow(name: string, ...args: unknown[]): unknown {
    this.note(name, ...args);
    const ready = this.#answers.findIndex((each) => each.name === name);
    if (ready < 0) throw new Error(`${name} was called and the test has prepared no answer for it.`);
    return this.#answers.splice(ready, 1)[0].answer;
  }
}

export const record = new Record();
