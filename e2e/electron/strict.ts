import { EventEmitter } from 'node:events';

/** Properties that the language and tools look up on every object. */
const ASKED_BY_TOOLS = new Set(['then', 'toJSON', 'asymmetricMatch', 'nodeType', 'inspect', 'domain']);

/** Thrown for Electron features that the stand-in does not model, so that their use is never silent. */
export class NotModeled extends Error {
  constructor(what: string) {
    super(`The stand-in for Electron does not model ${what}.`);
    this.name = 'NotModeled';
    // A caller may ignore the error, so log it as well.
    console.error(`[stand-in] ${this.message}`);
  }
}

function refuse(key: string | symbol, owner: string): undefined {
  if (typeof key === 'symbol' || key.startsWith('_') || ASKED_BY_TOOLS.has(key)) return undefined;
  throw new NotModeled(`${owner}.${key}`);
}

/** An event emitter that throws for unknown members, and for listeners to events that the stand-in cannot emit. */
export const Strict = (() => {
  class StrictEmitter extends EventEmitter {
    constructor(notEmitted: readonly string[] = []) {
      super();
      this.on('newListener', (name) => {
        if (notEmitted.includes(String(name)))
          throw new NotModeled(`the event ${this.constructor.name} ${String(name)}`);
      });
    }
  }
  // The last prototype, which handles members that no class in the chain has.
  const last = new Proxy(EventEmitter.prototype, {
    get: (target, key, receiver: object) =>
      key in target ? Reflect.get(target, key, receiver) : refuse(key, receiver.constructor.name),
  });
  Object.setPrototypeOf(StrictEmitter.prototype, last);
  return StrictEmitter;
})();

/** A module without events that throws for unknown members. */
export function strict<Module extends object>(name: string, members: Module): Module {
  return new Proxy(members, {
    get: (target, key, receiver) => (key in target ? Reflect.get(target, key, receiver) : refuse(key, name)),
  });
}

/** A module that is not modeled. It can be imported and throws on use. */
export function absent(name: string): object {
  const use = () => {
    throw new NotModeled(name);
  };
  return new Proxy(function unmodeled() {}, {
    get: (_target, key) => refuse(key, name),
    apply: use,
    construct: use,
  });
}

/** The first argument of listeners that can prevent an action. */
export class PreventableEvent {
  defaultPrevented = false;
  preventDefault(): void {
    this.defaultPrevented = true;
  }
}

/** Emits a preventable event. @returns whether a listener prevented it */
export function prevented(emitter: EventEmitter, name: string, ...details: unknown[]): boolean {
  const event = new PreventableEvent();
  emitter.emit(name, event, ...details);
  return event.defaultPrevented;
}
