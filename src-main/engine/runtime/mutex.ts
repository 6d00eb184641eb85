/** Lets one task compute at a time, in the order in which they asked. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve();

  /** Waits for one's turn, which lasts until it is disposed of. Rejects with the signal's reason once that is aborted. */
  async acquire(signal: AbortSignal): Promise<Disposable> {
    const turn = Promise.withResolvers<undefined>();
    const before = this.#last;
    this.#last = before.then(() => turn.promise);
    const aborted = Promise.withResolvers<never>();
    const abort = () => aborted.reject(signal.reason);
    signal.addEventListener('abort', abort);
    try {
      signal.throwIfAborted();
      await Promise.race([before, aborted.promise]);
    } catch (thrown) {
      turn.resolve(undefined);
      throw thrown;
    } finally {
      signal.removeEventListener('abort', abort);
    }
    return { [Symbol.dispose]: () => turn.resolve(undefined) };
  }
}
