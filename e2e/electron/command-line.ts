import { strict } from './strict.ts';

/** `app.commandLine`: the switches of the process and those that the application adds. */
export function commandLine(args: readonly string[]) {
  const switches = new Map<string, string>();
  for (const argument of args) {
    const [, name, value] = /^--([^=]+)=?(.*)$/s.exec(argument) ?? [];
    if (name !== undefined) switches.set(name.toLowerCase(), value);
  }
  return strict('app.commandLine', {
    hasSwitch: (name: string) => switches.has(name.toLowerCase()),
    getSwitchValue: (name: string) => switches.get(name.toLowerCase()) ?? '',
    appendSwitch: (name: string, value = '') => void switches.set(name.toLowerCase(), value),
    removeSwitch: (name: string) => void switches.delete(name.toLowerCase()),
    appendArgument: () => {},
  });
}
