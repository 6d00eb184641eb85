import { PerchError } from '../api/errors.ts';

/** Stands for a service that is not built yet: every call of it is refused. */
export function unbuilt<Service extends object>(noun: string): Service {
  return new Proxy({} as Service, {
    get: (own, name) =>
      Reflect.get(own, name) ??
      (() => {
        throw new PerchError('INTERNAL', `${noun}.${String(name)} is not built yet.`);
      }),
  });
}
