/**
 * Passes values between the worlds of the page and the preload script, as Electron's context bridge does:
 * functions and promises are proxied, other values are copied. Both worlds run this script and communicate by
 * events on the shared document, whose details Chromium copies.
 *
 * @param {'page' | 'preload'} here
 * @returns {{ pack(value: unknown): unknown, unpack(packed: unknown): unknown }}
 */
// eslint-disable-next-line @typescript-eslint/no-unused-vars -- the scripts of both worlds start with this one
function createBridge(here) {
  const there = here === 'page' ? 'preload' : 'page';
  const functions = new Map();
  const promises = new Map();
  let count = 0;
  let answer;

  const say = (kind, detail) =>
    document.dispatchEvent(new CustomEvent(`stand-in:${there}:${kind}`, { detail }));
  const hear = (kind, listener) =>
    document.addEventListener(`stand-in:${here}:${kind}`, (event) => {
      event.stopImmediatePropagation();
      listener(event.detail);
    });

  const isPlain = (value) => [Object.prototype, null].includes(Object.getPrototypeOf(value));

  function pack(value) {
    if (typeof value === 'function') {
      const id = ++count;
      functions.set(id, value);
      return { bridged: 'function', id };
    }
    if (value instanceof Promise) {
      const id = ++count;
      value.then(
        (result) => say('settle', { id, value: pack(result) }),
        (error) => say('settle', { id, error: String(error?.message ?? error) }),
      );
      return { bridged: 'promise', id };
    }
    if (Array.isArray(value)) return value.map(pack);
    if (typeof value === 'object' && value !== null && isPlain(value))
      return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, pack(member)]));
    return value;
  }

  function unpack(packed) {
    if (Array.isArray(packed)) return packed.map(unpack);
    if (typeof packed !== 'object' || packed === null || !isPlain(packed)) return packed;
    if (packed.bridged === 'function') return (...args) => call(packed.id, args);
    if (packed.bridged === 'promise')
      return new Promise((resolve, reject) => promises.set(packed.id, { resolve, reject }));
    return Object.fromEntries(Object.entries(packed).map(([key, member]) => [key, unpack(member)]));
  }

  function call(id, args) {
    answer = undefined;
    say('call', { id, args: args.map(pack) });
    const given = answer;
    if (given === undefined) throw new Error('The other world did not answer.');
    if ('error' in given) throw new Error(given.error);
    return unpack(given.value);
  }

  hear('call', ({ id, args }) => {
    let detail;
    try {
      detail = { value: pack(functions.get(id)(...args.map(unpack))) };
    } catch (error) {
      detail = { error: String(error?.message ?? error) };
    }
    say('answer', detail);
  });
  hear('answer', (detail) => (answer = detail));
  hear('settle', ({ id, value, error }) => {
    const promise = promises.get(id);
    promises.delete(id);
    if (error === undefined) promise?.resolve(unpack(value));
    else promise?.reject(new Error(error));
  });
  return { pack, unpack };
}
