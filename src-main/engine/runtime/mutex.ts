/** Grants exclusive access to one holder at a time, in the order of the calls. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Waits until all earlier holders have released the mutex. Disposing of the result releases it.
   *
   * @throws the signal's reason if the signal aborts first
   */
  async acquire(signal: AbortSignal): Promise<Disposable> {
    const released = Promise.withResolvers<undefined>();
    const before = this.#last;
    this.#last = before.then(() => released.promise);
    const aborted = Promise.withResolvers<never>();
    const abort = () => aborted.reject(signal.reason);
    signal.addEventListener('abort', abort);
    try {
      signal.throwIfAborted();
      await Promise.race([before, aborted.promise]);
    } catch (thrown) {
      released.resolve(undefined);
      throw thrown;
    } finally {
      signal.removeEventListener('abort', abort);
    }
    return { [Symbol.dispose]: () => released.resolve(undefined) };
  }
}
