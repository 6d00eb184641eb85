import { EventEmitter } from 'node:events';

/** Names that languages and tools ask every object for. */
const ASKED_BY_TOOLS = new Set(['then', 'toJSON', 'asymmetricMatch', 'nodeType', 'inspect', 'domain']);

/** What Electron has and the stand-in does not. It must never pass silently. */
export class NotModelled extends Error {
  constructor(what: string) {
    super(`The stand-in for Electron does not model ${what}.`);
    this.name = 'NotModelled';
    // A caller may swallow the error; the log of the test shows it all the same.
    console.error(`[stand-in] ${this.message}`);
  }
}

function refuse(key: string | symbol, owner: string): undefined {
  if (typeof key === 'symbol' || key.startsWith('_') || ASKED_BY_TOOLS.has(key)) return undefined;
  throw new NotModelled(`${owner}.${key}`);
}

/**
 * An event emitter that throws where a member is used that its class does not have, or where an event is listened to that
 * Electron emits and the stand-in cannot.
 */
export const Strict = (() => {
  class StrictEmitter extends EventEmitter {
    constructor(notEmitted: readonly string[] = []) {
      super();
      this.on('newListener', (name) => {
        if (notEmitted.includes(String(name)))
          throw new NotModelled(`the event ${this.constructor.name} ${String(name)}`);
      });
    }
  }
  // Last of the prototypes: asked for what no class in the chain has.
  const last = new Proxy(EventEmitter.prototype, {
    get: (target, key, receiver: object) =>
      key in target ? Reflect.get(target, key, receiver) : refuse(key, receiver.constructor.name),
  });
  Object.setPrototypeOf(StrictEmitter.prototype, last);
  return StrictEmitter;
})();

/** A module without events that throws where a member is used that it does not have. */
export function strict<Module extends object>(name: string, members: Module): Module {
  return new Proxy(members, {
    get: (target, key, receiver) => (key in target ? Reflect.get(target, key, receiver) : refuse(key, name)),
  });
}

/** A module that is not modelled at all: it can be imported, and throws where it is used. */
export function absent(name: string): object {
  const use = () => {
    throw new NotModelled(name);
  };
  return new Proxy(function unmodelled() {}, {
    get: (_target, key) => refuse(key, name),
    apply: use,
    construct: use,
  });
}

/** What a listener gets as its first argument where it can forbid something. */
export class PreventableEvent {
  defaultPrevented = false;
  preventDefault(): void {
    this.defaultPrevented = true;
  }
}

/** Emits an event that listeners can forbid. @returns whether one did */
export function prevented(emitter: EventEmitter, name: string, ...details: unknown[]): boolean {
  const event = new PreventableEvent();
  emitter.emit(name, event, ...details);
  return event.defaultPrevented;
}
