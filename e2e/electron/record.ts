/** A call to the desktop (a dialog, the file manager, a notification), or a step of the start. */
export interface Call {
  /** `dialog.showMessageBox` */
  name: string;
  args: unknown[];
  /** Time in milliseconds since 1970. */
  at: number;
}

interface Waiting {
  name: string;
  take(answer: unknown): void;
}

/** Calls that a test can observe and answer. Dialogs stay open until they are answered. */
export class Record {
  readonly calls: Call[] = [];
  readonly #answers: { name: string; answer: unknown }[] = [];
  readonly #waiting: Waiting[] = [];

  note(name: string, ...args: unknown[]): void {
    this.calls.push({ name, args, at: Date.now() });
  }

  /** Answers the open or the next dialog of a kind: `answer('dialog.showMessageBox', { response: 1 })`. */
  answer(name: string, answer: unknown): void {
    const at = this.#waiting.findIndex((each) => each.name === name);
    if (at < 0) this.#answers.push({ name, answer });
    else this.#waiting.splice(at, 1)[0].take(answer);
  }

  /** Waits for the test's answer. */
  async ask(name: string, ...args: unknown[]): Promise<unknown> {
    this.note(name, ...args);
    const ready = this.#answers.findIndex((each) => each.name === name);
    if (ready >= 0) return this.#answers.splice(ready, 1)[0].answer;
    console.error(`[stand-in] ${name} is open: ${JSON.stringify(args)}`);
    return await new Promise((take) => this.#waiting.push({ name, take }));
  }

  /** @throws without a prepared answer, because the call blocks */
  askNow(name: string, ...args: unknown[]): unknown {
    this.note(name, ...args);
    const ready = this.#answers.findIndex((each) => each.name === name);
    if (ready < 0) throw new Error(`${name} was called and the test has prepared no answer for it.`);
    return this.#answers.splice(ready, 1)[0].answer;
  }
}

export const record = new Record();
